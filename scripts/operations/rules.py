"""Reads what is needed of the rules and of their tests: they are laid out simply, and promtool has read them before."""

import re


def read_rules(file):
    """A dictionary a rule: alert or record, expr, and all that stands below labels and annotations."""
    rules = []
    with open(file, encoding="utf-8") as text:
        lines = text.read().splitlines()
    for index, line in enumerate(lines):
        found = re.match(r"( +)(?:- )?(\w+): (.+)$", line)
        if not found:
            continue
        indent, key, value = found.groups()
        if key in ("alert", "record"):
            rules.append({})
        if not rules or line.startswith("- "):
            continue
        if value in ("|", ">", "|-", ">-"):
            value = "\n".join(_block(lines[index + 1:], len(indent)))
        rules[-1][key] = value.strip('"')
    return rules


def _block(lines, indent):
    for line in lines:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return
        yield line.strip()


def read_tests(file):
    """The series of all tests, and which alert is expected to fire, or to be quiet."""
    series = []
    expectations = set()
    alert = None
    with open(file, encoding="utf-8") as text:
        for line in [*text, "  - eval_time: the end"]:
            if found := re.match(r"  - series: (.+)$", line):
                series.append(found[1])
            elif re.match(r"  - eval_time: |- name: ", line):
                if alert:
                    expectations.add((alert, False))
                alert = None
            elif found := re.match(r"    alertname: (\w+)$", line):
                alert = found[1]
            elif line.startswith("    exp_alerts:"):
                expectations.add((alert, True))
                alert = None
    return series, expectations
