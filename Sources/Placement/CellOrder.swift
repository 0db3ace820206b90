/// In which order the cells of a host are filled for one VM: indices into ``HostTopology/cells``.
struct CellOrder {
    let cells: [Int]

    init(_ request: PlacementRequest, _ topology: HostTopology, _ pool: CPUPool, devices: [PlacedDevice]) {
        let cells = Array(topology.cells.indices)
        guard request.preferredCells == .nearDevices, cells.count > 1 else {
            self.cells = cells
            return
        }
        let nodes = devices.compactMap(\.numaNode)
        let keys = cells.map { Key($0, request, topology, pool.cells[$0], nodes: nodes) }
        self.cells = keys.sorted(by: <).map(\.cell)
    }

    private struct Key: Comparable {
        let cell: Int
        /// Of the order: first whether all fits, then near, then full (or, where not all fits, empty), then first.
        let parts: (Int, Int, Int, Int)

        init(_ cell: Int, _ request: PlacementRequest, _ topology: HostTopology, _ own: CellPool, nodes: [Int]) {
            self.cell = cell
            let fits = own.fullCores >= request.vcpus / request.threadsPerCore
            let distance = nodes.reduce(0) { $0 + topology.distance(from: cell, toCell: $1) }
            parts = (fits ? 0 : 1, distance, fits ? own.freeCount : -own.freeCount, cell)
        }

        static func == (left: Self, right: Self) -> Bool { left.parts == right.parts }
        static func < (left: Self, right: Self) -> Bool { left.parts < right.parts }
    }
}
