"""Opens files in valgrind's DHAT viewer, the one that is installed, in a headless browser.

A page of ours holds the viewer's page in a frame, gives the file to the viewer's own file field as a user would, waits
until the viewer has drawn, and sends the text of the viewer's page back.
"""

import functools
import http.server
import pathlib
import queue
import shutil
import subprocess
import tempfile
import threading

VIEWERS = ["/usr/libexec/valgrind", "/usr/lib/x86_64-linux-gnu/valgrind", "/usr/lib/valgrind"]
# Longest wait for the browser, which takes a second or two on an idle machine.
SECONDS = 240
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]

PAGE = """<!DOCTYPE html><body style="margin:0"><iframe id=f src="viewer/dh_view.html"
style="border:0;width:100%;height:100vh"></iframe><script>
const frame = document.getElementById("f");
frame.onload = async () => {
  const page = frame.contentDocument;
  const data = await (await fetch("profile.json")).blob();
  const files = new DataTransfer();
  files.items.add(new File([data], "profile.json"));
  const field = page.querySelector("input[type=file]");
  field.files = files.files;
  field.dispatchEvent(new frame.contentWindow.Event("change"));
  const look = () => {
    const text = page.body.innerText;
    if (/Times \\{|exception|error/i.test(text)) {
      fetch("shown", {method: "POST", body: text});
    } else {
      setTimeout(look, 20);
    }
  };
  look();
};
</script></body>"""


def viewer_folder():
    """Where dh_view.html is; None when valgrind is not installed."""
    return next((pathlib.Path(folder) for folder in VIEWERS if (pathlib.Path(folder) / "dh_view.html").exists()), None)


def browser():
    """The browser's command; None when there is none."""
    return next((command for command in BROWSERS if shutil.which(command)), None)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the folder, and takes what the page sends."""

    def log_message(self, *_):
        pass

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.shown.put(self.rfile.read(length).decode("utf-8"))
        self.send_response(204)
        self.end_headers()


def show(profile, picture=None, height=1100):
    """The text that the viewer shows of the file; with `picture`, a PNG of it as well."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        shutil.copytree(viewer_folder(), root / "viewer",
                        ignore=lambda _, names: [name for name in names if not name.startswith("dh_view")])
        shutil.copy(profile, root / "profile.json")
        (root / "index.html").write_text(PAGE, encoding="utf-8")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        server.shown = queue.Queue()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                   "--hide-scrollbars", f"--window-size=1100,{height}"]
        address = f"http://127.0.0.1:{server.server_address[1]}/index.html"
        # Kept open by the port, though nobody connects.
        process = subprocess.Popen([*command, f"--user-data-dir={folder}/user", "--remote-debugging-port=0", address],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            text = server.shown.get(timeout=SECONDS)
            if picture is not None:
                subprocess.run([*command, f"--user-data-dir={folder}/other", "--virtual-time-budget=20000",
                                f"--screenshot={picture}", address],
                               timeout=SECONDS, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        finally:
            process.terminate()
            process.wait(timeout=30)
            server.shutdown()
            server.server_close()
    return text
