"""Which metrics the daemon exports, with their labels: read out of the Swift sources, or off a page of /metrics."""

import glob
import re
import sys

METRICS = "Sources/NodeAgent/Metrics"
# Every series gets these from Prometheus.
TARGET = {"job", "instance"}


class Exported:
    def __init__(self):
        # Prometheus' own.
        self.metrics = {}
        self.builtin = {"up": TARGET}

    def add(self, name, labels):
        self.metrics[name] = set(labels) | TARGET

    def labels(self, name):
        """The labels that the metric may bear; None where there is no such metric."""
        return self.metrics.get(name, self.builtin.get(name))

    @property
    def all_labels(self):
        return set().union(TARGET, *self.metrics.values())

    def add_family(self, name, kind, labels):
        if kind != "histogram":
            return self.add(name, labels)
        self.add(f"{name}_bucket", {*labels, "le"})
        self.add(f"{name}_sum", labels)
        self.add(f"{name}_count", labels)

    @classmethod
    def on_page(cls, file):
        exported = cls()
        with sys.stdin if file == "-" else open(file, encoding="utf-8") as page:
            for line in page:
                found = re.match(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ", line)
                if found and not line.startswith("#"):
                    name, labels = found.groups()
                    names = re.findall(r'(\w+)="(?:\\.|[^"\\])*"', labels or "")
                    exported.add(name, set(names) | exported.metrics.get(name, set()))
        return exported

    @classmethod
    def in_sources(cls, root):
        exported = cls()
        sources = {}
        for path in glob.glob(f"{root}/Sources/**/*.swift", recursive=True):
            with open(path, encoding="utf-8") as file:
                sources[path] = file.read()
        for path, text in sources.items():
            if path.startswith(f"{root}/{METRICS}/"):
                exported._add_descriptors(path, text, sources)
        exported._add_instance_metrics(sources[f"{root}/{METRICS}/InstanceMetrics.swift"])
        return exported

    def _add_descriptors(self, path, text, sources):
        """Descriptors that somebody sets: one that is only declared is never on the page."""
        owner = path.rsplit("/", 1)[1].removesuffix(".swift")
        others = [other for place, other in sources.items() if place != path and f"{owner}." in other]
        declaration = r'static let (\w+) = MetricDescriptor\(\s*"(\w+)",\s*\.(\w+)(.*?)\)\n'
        for constant, name, kind, rest in re.findall(declaration, text, re.DOTALL):
            use = re.compile(rf"\b{owner}\.{constant}\b")
            is_set = any(use.search(other) for other in others) or re.search(rf"(?:\(|Self\.){constant}\b", text)
            if is_set:
                labels = re.search(r"labels: \[(.*?)\]", rest, re.DOTALL)
                self.add_family(name, kind, re.findall(r'"(\w+)"', labels[1]) if labels else [])

    def _add_instance_metrics(self, text):
        """KubeVirt's metrics of VMs: names stand whole, behind a prefix, or as the first of a tuple with their help."""
        labels = set(re.findall(r'\("(\w+)", (?:[a-z]|"\\\()', text)) | {"type"}
        for function in re.split(r"\n    private mutating func ", text):
            prefixes = re.findall(r'"(kubevirt_\w+_)"', function)
            names = re.findall(r'"(kubevirt_\w*[a-z])"', function)
            for prefix in prefixes:
                names += [prefix + rest for rest in re.findall(r'prefix \+ "(\w+)"', function)]
                names += [prefix + rest for rest in re.findall(r'\("(\w+)", "[A-Z]', function)]
            for name in names:
                self.add(name, labels)
