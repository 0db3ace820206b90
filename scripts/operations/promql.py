"""As much of PromQL as it takes to tell metrics from functions, keywords and labels."""

import re

TOKEN = re.compile(
    r'"(?:\\.|[^"\\])*"|\[[^\]]*\]|\{(?:"(?:\\.|[^"\\])*"|[^}"])*\}|[0-9][0-9a-zA-Z.]*|[a-zA-Z_:][\w:]*|\S')
KEYWORDS = {"and", "or", "unless", "offset", "bool", "atan2", "inf", "nan"}
MODIFIERS = {"by", "without", "on", "ignoring", "group_left", "group_right"}


def selections(expression):
    """Each metric that is named, with the names of the labels that are asked for."""
    tokens = TOKEN.findall(expression)
    found = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if token in MODIFIERS:
            # The labels in brackets that follow are no metrics.
            while following == "(" and tokens[index] != ")":
                index += 1
        elif re.match(r"[a-zA-Z_:]", token) and token.lower() not in KEYWORDS:
            if following != "(" and following not in MODIFIERS:
                found.append((token, re.findall(r"(\w+)\s*(?:=|!=)", _outside_texts(following))))
        index += 1
    return found


def _outside_texts(selector):
    """What a selector says besides its values; nothing for what is no selector."""
    return re.sub(r'"(?:\\.|[^"\\])*"', "", selector) if selector.startswith("{") else ""


def label_values(query):
    """The two parts of Grafana's query for the values of a label."""
    return re.fullmatch(r"label_values\((.*), *(\w+)\)", query).groups()
