"""The machine once, in a process of its own: ``python -m tests.laws.one SEED CASES STEPS [RULE...]``.

Prints what was broken, or nothing; tests run it over a copy of the house with a defect in it.
"""

import sys

from tests.laws.soak import cases

if __name__ == "__main__":
    number, count, steps = map(int, sys.argv[1:4])
    print(cases(number, count, steps, sys.argv[4:]))
