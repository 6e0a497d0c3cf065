// Opens the camera at the back of the phone and plays it into the video element. Rejects when there is none or it is denied.

export async function openCamera(video: HTMLVideoElement): Promise<HTMLVideoElement> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  return video;
}
