"""PostgreSQL's own load generator on one hot row: what a booking would cost if each were its own statement."""

import asyncio
import re

from tests.bench.house import House
from workers.cli.postgres import TREE, wheel

CLIENTS, SECONDS = 32, 4
PLACES = 10_000_000

TABLES = f"""
CREATE TABLE IF NOT EXISTS hot_pool (id int PRIMARY KEY, capacity int NOT NULL, taken int NOT NULL);
CREATE TABLE IF NOT EXISTS hot_booking (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pool int NOT NULL,
    student int NOT NULL, at timestamptz NOT NULL DEFAULT now());
INSERT INTO hot_pool VALUES (1, {PLACES}, 0) ON CONFLICT (id) DO NOTHING;
"""
SCRIPT = f"""\\set student random(1, {PLACES})
WITH taken AS (UPDATE hot_pool SET taken = taken + 1 WHERE id = 1 AND taken < capacity RETURNING id)
INSERT INTO hot_booking (pool, student) SELECT id, :student FROM taken;
"""


async def hot_row_per_second(house: House) -> float:
    """Statements per second, prepared, each its own commit."""
    await house.sql.execute(TABLES)
    child = await asyncio.create_subprocess_exec(
        *(str(wheel() / TREE / "bin" / "pgbench"), "--no-vacuum", "--protocol=prepared", "--file=-"),
        *(f"--client={CLIENTS}", "--jobs=2", f"--time={SECONDS}", house.settings.database_url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await child.communicate(SCRIPT.encode())
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    found = re.search(rb"^tps = ([\d.]+)", said, re.MULTILINE)
    assert child.returncode == 0 and found, said.decode()
    return float(found[1])
