"""The programs that browser tests need besides Python: Chromium, and the tool that installs a certificate for it.

Only the standard library: start.py reads this before anything is installed.
"""

import os
import shutil
import subprocess
import sys

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
CHROMIUM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
HOW = {"darwin": "brew install --cask google-chrome && brew install nss", "win32": "winget install Google.Chrome"}
HOW_ON_LINUX = "sudo apt install chromium libnss3-tools"


def chromium() -> str:
    """Where Chromium is; empty when it is not there."""
    places = [os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES, *CHROMIUM_PLACES]
    return next((found for found in map(shutil.which, filter(None, places)) if found), "")


def missing() -> bool:
    """Whether one of them is not there. Windows trusts by its own store, which tests leave alone."""
    return not chromium() or (sys.platform != "win32" and not shutil.which("certutil"))


def install() -> str:
    """Install what is missing, as root where Debian's packages are. Returns the one command to type where it can't."""
    if not missing():
        return ""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("== Memasang Chromium dan libnss3-tools untuk uji peramban", flush=True)
        subprocess.run("apt-get update -qq && apt-get install -y -qq chromium libnss3-tools", shell=True)
    return HOW.get(sys.platform, HOW_ON_LINUX) if missing() else ""
