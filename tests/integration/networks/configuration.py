"""What stands in crosspromo.toml for accounts on the simulators, and the secrets that it names."""

from servers.simulators.reddit import CREDENTIALS as REDDIT
from servers.simulators.x import CREDENTIALS as X

IMPATIENT = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[defaults]
min_gap = "0m"
max_per_day = "none"
timeout = "1s"
look_up_after = ["50ms", "150ms"]
"""
"""Lost answers are given up and looked up, and posts follow one another, in the time of a test."""

ON_X = """
[accounts.{account}]
network = "x"
server = "{server}"
[accounts.{account}.credentials]
consumer_key = "env:X_CONSUMER_KEY"
consumer_secret = "env:X_CONSUMER_SECRET"
access_token = "env:X_ACCESS_TOKEN"
access_token_secret = "env:X_ACCESS_TOKEN_SECRET"
"""
ON_REDDIT = """
[accounts.{account}]
network = "reddit"
server = "{server}"
subreddit = "rivervalley"
[accounts.{account}.credentials]
client_id = "env:REDDIT_CLIENT_ID"
client_secret = "env:REDDIT_CLIENT_SECRET"
username = "{username}"
password = "env:REDDIT_PASSWORD"
"""
SECRETS = {
    "X_CONSUMER_KEY": X.consumer_key,
    "X_CONSUMER_SECRET": X.consumer_secret,
    "X_ACCESS_TOKEN": X.access_token,
    "X_ACCESS_TOKEN_SECRET": X.access_token_secret,
    "REDDIT_CLIENT_ID": REDDIT.client_id,
    "REDDIT_CLIENT_SECRET": REDDIT.client_secret,
    "REDDIT_PASSWORD": REDDIT.password,
}
