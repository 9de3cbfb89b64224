"""Carry out the plan given as JSON, print the result as JSON."""

import json
import sys

from scripts.benchmarks.clients.load import Load
from scripts.benchmarks.clients.plan import Plan

if __name__ == "__main__":
    result = Load(Plan.from_dict(json.loads(sys.argv[1]))).run()
    sys.stdout.write(json.dumps(result) + "\n")
