// Plays live shows in the back office: by the browser itself where it can, else with hls.js.
document.querySelectorAll("video[data-playlist]").forEach((video) => {
  const address = video.dataset.playlist;
  if (window.Hls && window.Hls.isSupported()) {
    const player = new window.Hls({ enableWorker: false });
    player.loadSource(address);
    player.attachMedia(video);
  } else {
    video.src = address;
  }
});
