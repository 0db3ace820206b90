extension DomainStatistics {
    /// Reads libvirt's flat names, such as `block.0.rd.bytes`.
    package init(domain: String, uuid: String, parameters: [String: ParameterValue]) {
        self.init(domain: domain, uuid: uuid)
        func count(_ name: String) -> UInt64? { parameters[name]?.count }
        if let code = count("state.state") {
            state = DomainState(state: Int32(clamping: code), reason: Int32(clamping: count("state.reason") ?? 0))
        }
        cpu = CPU(time: count("cpu.time"), user: count("cpu.user"), system: count("cpu.system"))
        memory = MemoryStatistics(balloon: parameters)
        // Numbers are sparse where CPUs were taken out: `vcpu.maximum` bounds them.
        vcpus = Self.indices(count("vcpu.maximum")).compactMap { Self.vcpu($0, count) }
        drives = Self.indices(count("block.count")).compactMap { Self.drive($0, parameters) }
        interfaces = Self.indices(count("net.count")).compactMap { Self.interface($0, parameters) }
        dirtyRateMiBPerSecond = count("dirtyrate.megabytes_per_second")
    }

    /// A count that no domain has is taken for a fault of libvirt, and bounds the work.
    private static func indices(_ count: UInt64?) -> Range<Int> { 0..<Int(min(count ?? 0, 4096)) }

    private static func vcpu(_ index: Int, _ count: (String) -> UInt64?) -> VCPU? {
        let prefix = "vcpu.\(index)."
        guard let code = count(prefix + "state") else { return nil }
        let state: VCPU.State =
            switch code {
            case 0: .offline
            case 1: .running
            case 2: .blocked
            default: .other
            }
        return VCPU(
            index: index, state: state, time: count(prefix + "time"), wait: count(prefix + "wait"),
            delay: count(prefix + "delay"))
    }

    private static func drive(_ index: Int, _ parameters: [String: ParameterValue]) -> Drive? {
        let prefix = "block.\(index)."
        guard let name = parameters[prefix + "name"]?.text else { return nil }
        func count(_ name: String) -> UInt64? { parameters[prefix + name]?.count }
        var drive = Drive(name: name)
        drive.path = parameters[prefix + "path"]?.text
        drive.readRequests = count("rd.reqs")
        drive.readBytes = count("rd.bytes")
        drive.readTime = count("rd.times")
        drive.writeRequests = count("wr.reqs")
        drive.writtenBytes = count("wr.bytes")
        drive.writeTime = count("wr.times")
        drive.flushRequests = count("fl.reqs")
        drive.flushTime = count("fl.times")
        drive.allocation = count("allocation")
        drive.capacity = count("capacity")
        drive.physical = count("physical")
        return drive
    }

    private static func interface(_ index: Int, _ parameters: [String: ParameterValue]) -> Interface? {
        let prefix = "net.\(index)."
        guard let name = parameters[prefix + "name"]?.text else { return nil }
        func count(_ name: String) -> UInt64? { parameters[prefix + name]?.count }
        var interface = Interface(name: name)
        interface.receivedBytes = count("rx.bytes")
        interface.receivedPackets = count("rx.pkts")
        interface.receiveErrors = count("rx.errs")
        interface.receiveDrops = count("rx.drop")
        interface.sentBytes = count("tx.bytes")
        interface.sentPackets = count("tx.pkts")
        interface.sendErrors = count("tx.errs")
        interface.sendDrops = count("tx.drop")
        return interface
    }
}
