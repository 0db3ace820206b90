import ArgumentParser
import FoundationEssentials
import KubeVirtModel
import KubernetesModel

/// `-o`: how a VMI is printed.
enum StatusFormat: String, ExpressibleByArgument, CaseIterable {
    case table, wide, json, yaml

    /// One VMI as a document or a row.
    func text(_ instance: VirtualMachineInstance) -> String {
        switch self {
        case .yaml: "---\n" + DocumentWriter.yaml(instance.encode())
        case .json: DocumentWriter.json(instance.encode()) + "\n"
        case .table, .wide: Self.row(columns(instance)) + "\n"
        }
    }

    /// The line above the first row; nil for documents.
    var header: String? {
        switch self {
        case .yaml, .json: nil
        case .table: Self.row(["NAMESPACE", "NAME", "AGE", "PHASE", "IP", "NODENAME", "READY"]) + "\n"
        case .wide:
            Self.row(["NAMESPACE", "NAME", "AGE", "PHASE", "IP", "NODENAME", "READY", "LIVE-MIGRATABLE", "PAUSED"])
                + "\n"
        }
    }

    /// KubeVirt's printer columns.
    private func columns(_ instance: VirtualMachineInstance) -> [String] {
        let status = instance.status
        func condition(_ type: String) -> String { status?.conditions.first { $0.type == type }?.status ?? "" }
        var columns = [
            instance.namespace, instance.name, age(instance), status?.phase?.rawValue ?? "",
            status?.interfaces.first?.ipAddress ?? "", status?.nodeName ?? "", condition("Ready"),
        ]
        if self == .wide { columns += [condition("LiveMigratable"), condition("Paused")] }
        return columns
    }

    private func age(_ instance: VirtualMachineInstance) -> String {
        guard let created = instance.metadata.creationTimestamp else { return "" }
        let seconds = max(0, Int64(Date().timeIntervalSince1970) - created.seconds)
        return seconds < 120 ? "\(seconds)s" : seconds < 7200 ? "\(seconds / 60)m" : "\(seconds / 3600)h"
    }

    private static func row(_ columns: [String]) -> String {
        let widths = [12, 20, 6, 12, 16, 16, 7, 17, 7]
        let cells = zip(columns, widths).map { column, width in
            column + String(repeating: " ", count: max(1, width - column.count))
        }
        return String(cells.joined().reversed().drop { $0 == " " }.reversed())
    }
}
