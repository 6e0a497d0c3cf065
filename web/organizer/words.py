"""What organizers' pages call things; the keys are the values of the enums behind them."""

from typing import Final

from templates.language import N_

KINDS: Final = {
    "study_tour": N_("游学"),
    "festival": N_("节庆"),
    "job_fair": N_("招聘会"),
    "lecture": N_("讲座"),
    "race": N_("赛跑与毅行"),
    "contest": N_("比赛评选"),
    "volunteer": N_("志愿服务"),
    "workshop": N_("培训"),
    "appointment": N_("预约服务"),
    "placement": N_("实践见习"),
    "social": N_("交友与社群"),
    "stay": N_("驿站住宿"),
    "transport": N_("出行"),
    "service_package": N_("专项服务"),
}
EVENT_STATES: Final = {
    "draft": N_("草稿"),
    "published": N_("已发布"),
    "postponed": N_("已延期"),
    "cancelled": N_("已取消"),
}
VISIBILITIES: Final = {
    "public": (N_("所有人可见"), N_("不登录也能看到，会出现在首页和日历里。")),
    "signed_in": (N_("登录后可见"), N_("登录的学生才能看到。")),
    "eligible": (N_("符合条件的人可见"), N_("只有符合报名条件的学生才能看到。")),
    "link": (N_("凭链接可见"), N_("不出现在列表里，拿到链接的人可以打开。")),
}
ADMISSIONS: Final = {
    "first_come": (N_("报名制"), N_("先到先得，报满为止。")),
    "draw": (N_("中签制"), N_("截止后抽签。尚未开放，请先用报名制。")),
    "review": (N_("评审制"), N_("由主办方审核。尚未开放，请先用报名制。")),
}
QUESTION_KINDS: Final = {
    "text": N_("文字"),
    "choice": N_("选择"),
    "number": N_("数字"),
    "date": N_("日期"),
    "file": N_("文件"),
    "consent": N_("同意"),
}
FACTS: Final = {
    "on_roster": N_("在学校名单内"),
    "school": N_("学校"),
    "college": N_("学院"),
    "major": N_("专业"),
    "class_name": N_("班级"),
    "grade": N_("年级"),
    "gender": N_("性别"),
    "education": N_("学历层次"),
    "graduation_year": N_("毕业年份"),
}
PARTS: Final = {
    "sessions": N_("场次"),
    "pools": N_("名额"),
    "questions": N_("报名问题"),
    "poster": N_("海报"),
    "eligibility": N_("报名条件"),
}
FREQUENCIES: Final = {"daily": N_("每天"), "weekly": N_("每周"), "monthly": N_("每月")}
SHIFTS: Final = {
    "none": N_("照常举行"),
    "skip": N_("跳过这一次"),
    "next_working_day": N_("顺延到下一个工作日"),
}
WEEKDAYS: Final = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
DIRECTIONS: Final = {"in": N_("进"), "out": N_("出")}
CHANGES: Final = {
    "place": N_("地点"),
    "address": N_("详细地址"),
    "starts_at": N_("开始时间"),
    "ends_at": N_("结束时间"),
}

# What counts as having attended, by kind; shown as the kinds' presets say it.
EVIDENCE: Final = (
    N_("在集合点或任一参观点验票即计到场；各站点名另有记录"),
    N_("在入口验票即计到场；未报名入场的只计人数"),
    N_("在入口验票即计到场；展位扫码记为洽谈，不重复计人次"),
    N_("签到即计到场"),
    N_("在起点检录即计到场；到达终点记为完赛"),
    N_("参赛者签到即计到场"),
    N_("签到和签退齐全才计时长；路途时间不计"),
    N_("签到即计到场；签到和签退齐全才计学时"),
    N_("到场登记即计到场"),
    N_("报到即计到场；每日签到和签退齐全才计时长"),
    N_("签到即计到场；名单不公开"),
    N_("办理入住即计到场；退房后计住宿天数"),
    N_("上车验票即计乘车"),
    N_("每项服务登记日期、方式和经办人，全部做满才算完成"),
)
