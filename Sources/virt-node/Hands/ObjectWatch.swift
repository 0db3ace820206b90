import KubernetesAPI
import KubernetesModel
import Logging

/// Prints objects, and then what changes of them, until it is cancelled.
struct ObjectWatch {
    let columns: ObjectColumns
    let format: ObjectFormat
    private var table: TextTable
    private var hasHeader = false
    /// What was printed last, by uid: a list that comes anew repeats nothing.
    private var printed: [String: String] = [:]

    init(_ columns: ObjectColumns, _ format: ObjectFormat) {
        self.columns = columns
        self.format = format
        table = TextTable(columns.header)
    }

    /// Prints what is there, all at once.
    mutating func show(_ objects: [DocumentNode]) {
        var isNew = false
        for object in objects where note(object) {
            isNew = true
            add(object)
        }
        if isNew, format == .table || format == .wide { Standard.output(table.take()) }
    }

    /// Goes on from there.
    mutating func follow(
        _ connection: NodeConnection, namespace: String?, labels: String? = nil, fields: String? = nil
    ) async throws {
        var logger = Logger(label: "virt-node") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        let reflector = Reflector(
            connection.client, columns.resource, namespace: namespace, labelSelector: labels, fieldSelector: fields,
            logger: logger)
        await withDiscardingTaskGroup { group in
            group.addTask { await reflector.run() }
            for await event in reflector.events {
                switch event {
                case .replaced(let objects): show(columns.resource == .events ? EventTime.sorted(objects) : objects)
                case .changed(let object): show([object])
                // The last state, as kubectl shows it: the phase and the finalizers say the rest.
                case .removed(let object): if columns.resource != .events { show([object]) }
                case .interrupted(let error): Standard.error("virt-node: \(error); trying again")
                case .resumed: Standard.error("virt-node: the API is back")
                }
            }
            group.cancelAll()
        }
    }

    private mutating func note(_ object: DocumentNode) -> Bool {
        let key = object.objectUID ?? "\(object.objectNamespace ?? "")/\(object.objectName)"
        let version = object.resourceVersion ?? ""
        if printed[key] == version { return false }
        printed[key] = version
        return true
    }

    private mutating func add(_ object: DocumentNode) {
        switch format {
        case .table, .wide: table.add(columns.cells(object))
        case .name: Standard.output(Self.name(object, columns.resource) + "\n")
        case .json: Standard.output(format.document(object))
        case .yaml: Standard.output("---\n" + format.document(object))
        }
    }

    /// `KIND.GROUP/NAME`, which kubectl takes as an argument.
    static func name(_ object: DocumentNode, _ resource: APIResource) -> String {
        let kind = resource.kind.lowercased() + (resource.group.isEmpty ? "" : ".\(resource.group)")
        return "\(kind)/\(Standard.visible(object.objectName))"
    }
}
