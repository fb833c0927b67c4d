"""Every recurring job, in words, on one page. Times are UTC.

The database keeps each tick to one job however many workers there are, and a lock keeps ticks from piling up while none
is at work. What must not wait for a tick is also started by whoever made it necessary.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from procrastinate import App, JobContext
from procrastinate.contrib import django

from evenhand.channels import beginning, reader, tasks
from evenhand.channels.files import looking as files
from evenhand.channels.models import Delivery, Question
from evenhand.channels.spam import corrected as spam
from evenhand.conversations.models import Conversation, HeldFile, Look
from evenhand.people.models import SignInLink
from evenhand.web.accounts import mailbox_alarm
from evenhand.web.models import Window
from evenhand.web.pledge import alarm

app: App = django.app
Job = Callable[..., None]  # each is given the tick as `timestamp`

MINUTE, TEN_MINUTES, NIGHT = "* * * * *", "*/10 * * * *", "17 3 * * *"
KEPT_HOURS = 30 * 24  # how long a failed job can be looked at
STILL = 60.0  # seconds without a sign of life after which a worker is taken for dead


def every(cron: str) -> Callable[[Job], Job]:
    """Run the function at each tick of `cron`, once for the whole desk."""

    def schedule(job: Job) -> Job:
        name = f"schedule.{job.__name__}"
        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(job))
        return job

    return schedule


@every(MINUTE)
def wake_what_was_put_aside(**_tick: int) -> None:
    """Conversations whose snooze is over wait again."""
    for conversation in Conversation.objects.filter(state="snoozed", snoozed_until__lte=timezone.now()):
        conversation.wake()


@every(MINUTE)
def read_letters(**_tick: int) -> None:
    """Letters that are kept and not read: their own job was lost with its worker."""
    reader.read_all()


@every(MINUTE)
def begin_conversations(**_tick: int) -> None:
    """Questions that are kept and not begun: their job was lost, or came too early."""
    beginning.begin_all()


@every(MINUTE)
def send_answers(**_tick: int) -> None:
    """Answers that are due and not sent: their own job was lost, or the server asked to try later."""
    tasks.send()  # within what sending may take of a worker


@every(MINUTE)
def look_at_files(**_tick: int) -> None:
    """Files that came by a form, or that waited for the scanner."""
    files.look_at_all()


@every(TEN_MINUTES)
def learn_what_is_spam(**_tick: int) -> None:
    """What agents corrected since is learned, in a process of its own."""
    spam.learn_if_corrected()


@every(MINUTE)
def look_after_mailboxes(**_tick: int) -> None:
    """The administrators are told once when a mailbox does not add up or is late."""
    mailbox_alarm.look_and_tell()


@every(MINUTE)
def tell_of_a_red_light(**_tick: int) -> None:
    """The administrators are told once when the light turns red, and what to look at."""
    alarm.tell()


@app.periodic(cron=MINUTE)
@app.task(name="schedule.take_over_from_the_dead", queueing_lock="schedule.take_over_from_the_dead", pass_context=True)
async def take_over_from_the_dead(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the tick
    """Jobs that a worker began and will not end, because it was killed, begin again."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STILL):
        await jobs.retry_job(job, retry_at=timezone.now())


@every(MINUTE)
def forget_held_files(**_tick: int) -> None:
    """Files of forms that were not sent in time."""
    HeldFile.forget()


@every(NIGHT)
def forget_what_is_over(**_tick: int) -> None:
    """Sign-in links that can no longer be used, sessions that ended, counts that no limit looks at, questions that have
    long been conversations, how far old conversations were seen, when letters left."""
    Delivery.forget()
    SignInLink.forget()
    SessionStore.clear_expired()
    Window.forget()
    Question.forget()
    Look.forget()


@app.periodic(cron=NIGHT)
@app.task(name="schedule.forget_old_jobs", queueing_lock="schedule.forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the tick
    """Jobs that failed and nobody looked at for a month."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
