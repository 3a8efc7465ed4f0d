"""The app's service worker in tests: the browser's own tools tell it what else a line or a push service would."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page

from tests.support.engine_pages import until


@dataclass
class Worker:
    """The app's service worker, as the browser's own tools speak with it."""

    session: CDPSession
    registrations: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, context: BrowserContext) -> "Worker":
        """Listen from an empty page, so that the app itself may have none."""
        worker = cls(context.new_cdp_session(context.new_page()))
        worker.session.on("ServiceWorker.workerRegistrationUpdated", worker._heard)
        worker.session.send("ServiceWorker.enable")
        return worker

    def _heard(self, event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            self.registrations[one["scopeURL"]] = one["registrationId"]

    def there_is_a_line(self, url: str) -> None:
        """What the browser tells it when it thinks so (Background Sync)."""
        asked = {"origin": url, "registrationId": self.registrations[f"{url}/"], "tag": "outbox", "lastChance": False}
        self.session.send("ServiceWorker.dispatchSyncEvent", asked)

    def message(self, url: str, data: str) -> None:
        """What the browser hands it when a push service has a message (Web Push)."""
        asked = {"origin": url, "registrationId": self.registrations[f"{url}/"], "data": data}
        self.session.send("ServiceWorker.deliverPushMessage", asked)


def controlled(page: Page, url: str) -> Page:
    """The page with the app in it, under the service worker."""
    page.goto(url)
    until(page, "async () => (await navigator.serviceWorker.getRegistration())?.active != null")
    page.reload()
    until(page, "() => navigator.serviceWorker.controller !== null")
    return page
