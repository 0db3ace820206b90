"""Whether rules, their tests, dashboard and runbooks name only what exists, and each other: see scripts/check-operations.

    check.py ROOT QUERIES [PAGE]

Writes the dashboard's queries to QUERIES, as rules. Prints what is wrong, a line each.
"""

import json
import os
import re
import sys

from exported import Exported
from promql import label_values, selections
from rules import read_rules, read_tests

RULES = "deploy/prometheus/virt-node.rules.yaml"
TESTS = "deploy/prometheus/virt-node.rules.test.yaml"
DASHBOARD = "deploy/grafana/virt-node.json"
RUNBOOKS = "docs/operations.md"
# What Grafana itself puts in.
BUILTIN = {"__rate_interval", "__interval", "__range"}

problems = []


def problem(file, text):
    problems.append(f"{file}: {text}")


def check_expression(file, where, expression, exported):
    """Every metric exists, and bears the labels that are asked of it."""
    for metric, labels in selections(expression):
        known = exported.labels(metric)
        if known is None:
            problem(file, f"{where}: no such metric is exported: {metric}")
            continue
        for label in sorted(set(labels) - known):
            problem(file, f"{where}: {metric} has no label {label}")
    for group in re.findall(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)", expression):
        for label in filter(None, (word.strip() for word in group.split(","))):
            if label not in exported.all_labels:
                problem(file, f"{where}: no metric has a label {label}")


def check_rules(root, exported):
    rules = read_rules(f"{root}/{RULES}")
    # What a rule records has the labels of what it was made from.
    for rule in rules:
        if "record" in rule:
            exported.add(rule["record"], exported.all_labels)
    for rule in rules:
        name = rule.get("record") or rule.get("alert")
        check_expression(RULES, name, rule["expr"], exported)
        if "alert" not in rule:
            continue
        for key in ("for", "severity", "summary", "description", "runbook_url"):
            if not rule.get(key):
                problem(RULES, f"{name}: it has no {key}")
        if rule.get("severity") not in ("critical", "warning", "info"):
            problem(RULES, f"{name}: its severity is {rule.get('severity')}: write critical, warning or info")
        for label in re.findall(r"\$labels\.(\w+)", rule.get("summary", "") + rule.get("description", "")):
            if label not in exported.all_labels:
                problem(RULES, f"{name}: its text names a label that no metric has: {label}")
    return [rule for rule in rules if "alert" in rule], [rule for rule in rules if "record" in rule]


def check_tests(root, alerts, exported):
    series, expectations = read_tests(f"{root}/{TESTS}")
    for text in series:
        check_expression(TESTS, "input_series", text, exported)
    for alert in alerts:
        name = alert["alert"]
        if (name, True) not in expectations:
            problem(TESTS, f"{name} is expected to fire nowhere")
        if (name, False) not in expectations:
            problem(TESTS, f"{name} is expected to be quiet nowhere")


def check_runbooks(root, alerts):
    with open(f"{root}/{RUNBOOKS}", encoding="utf-8") as file:
        headings = re.findall(r"^### (VirtNode\w+)$", file.read(), re.MULTILINE)
    names = [alert["alert"] for alert in alerts]
    for name in names:
        if headings.count(name) != 1:
            problem(RUNBOOKS, f"{name} has {headings.count(name)} runbooks: write one, under the heading ### {name}")
    for heading in sorted(set(headings) - set(names)):
        problem(RUNBOOKS, f"{heading}: there is no such alert")
    for alert in alerts:
        expected = f"{RUNBOOKS}#{alert['alert'].lower()}"
        if alert.get("runbook_url") != expected:
            problem(RULES, f"{alert['alert']}: its runbook_url is {alert.get('runbook_url')}: write {expected}")


def slugs(file):
    """What Markdown's headings are linked by."""
    with open(file, encoding="utf-8") as text:
        headings = re.findall(r"^#+ (.+)$", text.read(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_links(root):
    """Each link leads to a file, and to a heading in it."""
    with open(f"{root}/{RUNBOOKS}", encoding="utf-8") as file:
        links = set(re.findall(r"\]\(([^):]+)\)", file.read()))
    for link in sorted(links):
        name, _, anchor = link.partition("#")
        path = os.path.join(root, os.path.dirname(RUNBOOKS), name) if name else f"{root}/{RUNBOOKS}"
        if not os.path.exists(path):
            problem(RUNBOOKS, f"there is no file {name}")
        elif anchor and anchor not in slugs(path):
            problem(RUNBOOKS, f"there is no heading {link}")


def all_panels(panels):
    for panel in panels:
        yield panel
        yield from all_panels(panel.get("panels", []))


def check_layout(panels):
    """No panel lies on another, or outside of the 24 columns."""
    taken = {}
    for panel in panels:
        place = panel["gridPos"]
        if place["x"] + place["w"] > 24:
            problem(DASHBOARD, f"panel {panel['id']} leaves the 24 columns")
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                other = taken.setdefault((x, y), panel["id"])
                if other != panel["id"]:
                    return problem(DASHBOARD, f"panel {panel['id']} lies on panel {other}")


def check_dashboard(root, exported):
    """Returns the panels, and all queries as Prometheus reads them."""
    with open(f"{root}/{DASHBOARD}", encoding="utf-8") as file:
        try:
            dashboard = json.load(file)
        except json.JSONDecodeError as error:
            problem(DASHBOARD, f"it is no JSON: {error}")
            return [], []
    panels = list(all_panels(dashboard["panels"]))
    ids = [panel["id"] for panel in panels]
    for number in sorted({number for number in ids if ids.count(number) > 1}):
        problem(DASHBOARD, f"{ids.count(number)} panels have the id {number}")
    check_layout(panels)

    variables = dashboard["templating"]["list"]
    known = {variable["name"] for variable in variables} | BUILTIN
    queries = []
    for variable in variables:
        if variable["type"] == "query":
            expression, label = label_values(variable["query"]["query"])
            queries.append((f"variable {variable['name']}", expression))
            if label not in exported.all_labels:
                problem(DASHBOARD, f"variable {variable['name']}: no metric has a label {label}")
    for annotation in dashboard["annotations"]["list"]:
        if "expr" in annotation:
            queries.append((f"annotation {annotation['name']}", annotation["expr"]))
    for panel in panels:
        where = f"panel {panel['id']} ({panel['title']})"
        targets = panel.get("targets", [])
        if panel["type"] != "row" and not targets:
            problem(DASHBOARD, f"{where}: it has no query")
        references = [target["refId"] for target in targets]
        if len(set(references)) < len(references):
            problem(DASHBOARD, f"{where}: two of its queries have one refId")
        for target in targets:
            queries.append((where, target["expr"]))
            if target["datasource"]["uid"] != "${datasource}":
                problem(DASHBOARD, f"{where}: its data source is fixed: write ${{datasource}}")
    for where, expression in queries:
        check_expression(DASHBOARD, where, expression, exported)
        for name in re.findall(r"\$(\w+)", expression):
            if name not in known:
                problem(DASHBOARD, f"{where}: there is no variable ${name}")
    plain = [re.sub(r"\$\w+", ".*", re.sub(r"\[\$\w+\]", "[5m]", expression)) for _, expression in queries]
    return panels, plain


def main():
    root, queries, *page = sys.argv[1:]
    exported = Exported.on_page(page[0]) if page else Exported.in_sources(root)
    count = len(exported.metrics)
    panels, expressions = check_dashboard(root, exported)
    alerts, records = check_rules(root, exported)
    check_tests(root, alerts, exported)
    check_runbooks(root, alerts)
    check_links(root)
    with open(queries, "w", encoding="utf-8") as file:
        rules = [{"record": f"query:{index}", "expr": text} for index, text in enumerate(expressions)]
        # Each JSON is YAML.
        json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, file)
    for text in problems:
        print(f"check-operations: {text}", file=sys.stderr)
    if problems:
        return 1
    shown = sum(panel["type"] != "row" for panel in panels)
    print(f"{len(alerts)} alerts, {len(records)} recorded series, {shown} panels; {count} metrics are exported")
    return 0


if __name__ == "__main__":
    sys.exit(main())
