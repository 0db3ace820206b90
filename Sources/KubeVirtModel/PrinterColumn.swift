/// A column that `kubectl get` shows of a kind.
package struct PrinterColumn: Sendable {
    package var name: String
    /// `string`, `integer`, `boolean` or `date`; `name` for the first column.
    package var type: String
    /// Where the value stands, such as `.status.phase`.
    package var path: String
    /// Whether only `-o wide` shows it.
    package var isWide = false
    package var summary = ""

    package init(_ name: String, _ path: String, type: String = "string", isWide: Bool = false, summary: String = "") {
        self.name = name
        self.type = type
        self.path = path
        self.isWide = isWide
        self.summary = summary
    }

    /// KubeVirt's columns of a VMI.
    package static let instance = [
        PrinterColumn("Age", ".metadata.creationTimestamp", type: "date"),
        PrinterColumn("Phase", ".status.phase"),
        PrinterColumn("IP", ".status.interfaces[0].ipAddress"),
        PrinterColumn("NodeName", ".status.nodeName"),
        PrinterColumn("Ready", ".status.conditions[?(@.type=='Ready')].status"),
        PrinterColumn("Live-Migratable", ".status.conditions[?(@.type=='LiveMigratable')].status", isWide: true),
        PrinterColumn("Paused", ".status.conditions[?(@.type=='Paused')].status", isWide: true),
    ]

    /// KubeVirt's columns of a migration.
    package static let migration = [
        PrinterColumn("Phase", ".status.phase", summary: "The migration's phase"),
        PrinterColumn("VMI", ".spec.vmiName", summary: "The VMI that is migrated"),
    ]
}
