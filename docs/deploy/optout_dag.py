"""Each night one run of optout, for Airflow 3."""

import subprocess
from datetime import timedelta

import pendulum
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

JOB = "/etc/optout/jobs/nightly-marketing.yaml"
ZONE = "Europe/Paris"

# Exit statuses of optout. What is not here is the end of the task: a refusal stays
# one until somebody has looked at it.
DONE = {0}
TRIED_AGAIN = {1}


@dag(
    dag_id="optout_nightly_marketing",
    schedule="30 2 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz=ZONE),
    catchup=False,  # snapshots of past days are too old for their gates
    max_active_runs=1,
    tags=["optout"],
)
def optout_nightly_marketing():
    @task(retries=2, retry_delay=timedelta(minutes=10), execution_timeout=timedelta(hours=4))
    def run(data_interval_end=None):
        date = data_interval_end.in_timezone(ZONE).to_date_string()
        # OPTOUT_HASH_KEY comes with the environment of the worker.
        command = ["optout", "run", "--log", "json", "--out", "/var/lib/optout", "--date", date, JOB]
        status = subprocess.run(command, check=False).returncode
        if status in DONE:
            return
        if status in TRIED_AGAIN:
            raise AirflowException(f"optout failed with exit status {status}")
        raise AirflowFailException(f"optout ended with exit status {status}; its log says why")

    run()


optout_nightly_marketing()
