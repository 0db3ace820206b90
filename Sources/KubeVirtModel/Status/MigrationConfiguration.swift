package import KubernetesModel

/// `migrationState.migrationConfiguration`: the rules of one migration.
package struct MigrationConfiguration: TableModel, Equatable {
    package var allowAutoConverge: Bool?
    package var allowPostCopy: Bool?
    package var allowWorkloadDisruption: Bool?
    /// Bytes a second; 0 is no limit.
    package var bandwidthPerMigration: Quantity?
    /// Seconds for each GiB of memory.
    package var completionTimeoutPerGiB: Int64?
    package var disableTLS: Bool?
    package var experimental: MigrationExperiment?
    package var matchSELinuxLevelOnMigration: Bool?
    package var maxDowntimeMs: Int64?
    package var network: String?
    package var nodeDrainTaintKey: String?
    package var parallelMigrationsPerCluster: UInt32?
    package var parallelOutboundMigrationsPerNode: UInt32?
    /// Seconds.
    package var progressTimeout: Int64?
    package var unsafeMigrationOverride: Bool?
    /// Seconds.
    package var utilityVolumesTimeout: Int64?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MigrationConfiguration> = [
        Field("allowAutoConverge", \.allowAutoConverge),
        Field("allowPostCopy", \.allowPostCopy),
        Field("allowWorkloadDisruption", \.allowWorkloadDisruption),
        Field("bandwidthPerMigration", \.bandwidthPerMigration),
        Field("completionTimeoutPerGiB", \.completionTimeoutPerGiB),
        Field("disableTLS", \.disableTLS),
        Field("experimental", \.experimental),
        Field("matchSELinuxLevelOnMigration", \.matchSELinuxLevelOnMigration),
        Field("maxDowntimeMs", \.maxDowntimeMs),
        Field("network", \.network),
        Field("nodeDrainTaintKey", \.nodeDrainTaintKey),
        Field("parallelMigrationsPerCluster", \.parallelMigrationsPerCluster),
        Field("parallelOutboundMigrationsPerNode", \.parallelOutboundMigrationsPerNode),
        Field("progressTimeout", \.progressTimeout),
        Field("unsafeMigrationOverride", \.unsafeMigrationOverride),
        Field("utilityVolumesTimeout", \.utilityVolumesTimeout),
    ]
}

/// `migrationConfiguration.experimental`.
package struct MigrationExperiment: TableModel, Equatable {
    package var compression: MigrationCompression?
    package var downtimeTuning: DowntimeTuning?
    package var stallDetector: StallDetector?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<MigrationExperiment> = [
        Field("compression", \.compression),
        Field("downtimeTuning", \.downtimeTuning),
        Field("stallDetector", \.stallDetector),
    ]
}

/// How memory is packed on its way.
package enum MigrationCompression: String, FieldChoice {
    case zstd
    case uncompressed = "none"
}

/// `experimental.downtimeTuning`.
package struct DowntimeTuning: TableModel, Equatable {
    package var cooldownSeconds: Int32?
    package var initialMs: Int64?
    package var startAfterIteration: Int64?
    package var steps: Int32?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<DowntimeTuning> = [
        Field("cooldownSeconds", \.cooldownSeconds),
        Field("initialMs", \.initialMs),
        Field("startAfterIteration", \.startAfterIteration),
        Field("steps", \.steps),
    ]
}

/// `experimental.stallDetector`.
package struct StallDetector: TableModel, Equatable {
    package var completionTimeoutFactor: Quantity?
    package var ewmaAlpha: Quantity?
    package var patienceWindowDecayFactor: Quantity?
    package var precopyPossibleFactor: Quantity?
    package var searchLocalMinima: Bool?
    package var stallMargin: Int64?
    package var stallProgressTimeout: Int64?
    package var switchoverTimeout: Int64?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<StallDetector> = [
        Field("completionTimeoutFactor", \.completionTimeoutFactor),
        Field("ewmaAlpha", \.ewmaAlpha),
        Field("patienceWindowDecayFactor", \.patienceWindowDecayFactor),
        Field("precopyPossibleFactor", \.precopyPossibleFactor),
        Field("searchLocalMinima", \.searchLocalMinima),
        Field("stallMargin", \.stallMargin),
        Field("stallProgressTimeout", \.stallProgressTimeout),
        Field("switchoverTimeout", \.switchoverTimeout),
    ]
}
