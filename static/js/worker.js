// The shell stays on the phone, so that the shop opens at once and says so when there is no line.
navigator.serviceWorker?.register("/sw.js").catch(() => {});
