package import Libvirt

/// KubeVirt's metrics of VMs, by its names, labels and units.
package struct InstanceMetrics {
    private var families: [String: MetricFamily] = [:]
    private let node: String

    /// The families for all VMs; the counters are matched by the domains' names.
    package static func families(
        _ instances: [InstanceSample], _ statistics: [DomainStatistics], node: String
    ) -> [MetricFamily] {
        let counters = Dictionary(statistics.map { ($0.domain, $0) }) { first, _ in first }
        var metrics = InstanceMetrics(node: node)
        for instance in instances {
            metrics.describe(instance)
            guard let statistics = counters[instance.domain] else { continue }
            metrics.cpu(instance, statistics)
            metrics.memory(instance, statistics.memory)
            for drive in statistics.drives { metrics.storage(instance, drive) }
            for interface in statistics.interfaces { metrics.network(instance, interface) }
        }
        return Array(metrics.families.values)
    }

    private init(node: String) { self.node = node }

    private mutating func describe(_ instance: InstanceSample) {
        let guest = instance.guest
        gauge(
            "kubevirt_vmi_info", "What a VMI is, as labels; always 1.", instance, 1,
            [
                ("phase", instance.phase), ("guest_os_name", guest?.parameters["os.name"] ?? ""),
                ("guest_os_version_id", guest?.parameters["os.version-id"] ?? ""),
                ("guest_os_kernel_release", guest?.parameters["os.kernel-release"] ?? ""),
                ("guest_os_machine", guest?.parameters["os.machine"] ?? ""),
            ])
        for filesystem in guest?.filesystems ?? [] {
            let labels = [
                ("disk_name", filesystem.name), ("mount_point", filesystem.mountpoint),
                ("file_system_type", filesystem.type),
            ]
            gauge(
                "kubevirt_vmi_filesystem_capacity_bytes", "The size of a guest's file system.", instance,
                filesystem.totalBytes, labels)
            gauge(
                "kubevirt_vmi_filesystem_used_bytes", "What is used of a guest's file system.", instance,
                filesystem.usedBytes, labels)
        }
        gauge(
            "kubevirt_vmi_memory_domain_bytes", "The memory of the domain.", instance,
            instance.memoryBytes.flatMap { UInt64(exactly: $0) })
        gauge(
            "kubevirt_vmi_node_cpu_affinity", "How many CPUs of the node its vCPUs may run on, summed over them.",
            instance, instance.cpuAffinities.flatMap { UInt64(exactly: $0) })
    }

    private mutating func cpu(_ instance: InstanceSample, _ statistics: DomainStatistics) {
        let cpu = statistics.cpu
        seconds("kubevirt_vmi_cpu_usage_seconds_total", "CPU time, of guest and QEMU.", instance, cpu.time)
        seconds("kubevirt_vmi_cpu_user_usage_seconds_total", "CPU time in user mode.", instance, cpu.user)
        seconds("kubevirt_vmi_cpu_system_usage_seconds_total", "CPU time in system mode.", instance, cpu.system)
        for vcpu in statistics.vcpus {
            let id = ("id", "\(vcpu.index)")
            let state: String =
                switch vcpu.state {
                case .offline: "offline"
                case .running: "running"
                case .blocked: "blocked"
                case .other, nil: "unknown"
                }
            seconds(
                "kubevirt_vmi_vcpu_seconds_total", "CPU time of a vCPU, with the state it is in now.", instance,
                vcpu.time, [id, ("state", state)])
            seconds(
                "kubevirt_vmi_vcpu_wait_seconds_total", "Time that a vCPU waited for I/O.", instance, vcpu.wait, [id])
            seconds(
                "kubevirt_vmi_vcpu_delay_seconds_total", "Time that a vCPU was ready and had no CPU of the node.",
                instance, vcpu.delay, [id])
        }
        let rate = statistics.dirtyRateMiBPerSecond.map { $0 << 20 }
        gauge("kubevirt_vmi_dirty_rate_bytes_per_second", "Memory that the guest writes to.", instance, rate)
    }

    private mutating func memory(_ instance: InstanceSample, _ memory: MemoryStatistics) {
        func bytes(_ kib: UInt64?) -> UInt64? { kib.map { $0 &* 1024 } }
        let gauges: [(String, String, UInt64?)] = [
            ("actual_balloon_bytes", "What the balloon leaves the guest.", bytes(memory.current)),
            ("available_bytes", "What the guest's kernel counts as its memory.", bytes(memory.available)),
            ("cached_bytes", "The guest's caches of disks, which it can give up.", bytes(memory.diskCaches)),
            ("resident_bytes", "The resident memory of QEMU.", bytes(memory.resident)),
            ("unused_bytes", "What the guest uses for nothing.", bytes(memory.unused)),
            ("usable_bytes", "What the guest could use without swapping.", bytes(memory.usable)),
            ("swap_in_traffic_bytes", "What the guest read from swap.", bytes(memory.swapIn)),
            ("swap_out_traffic_bytes", "What the guest wrote to swap.", bytes(memory.swapOut)),
        ]
        for (name, help, value) in gauges { gauge("kubevirt_vmi_memory_" + name, help, instance, value) }
        counter(
            "kubevirt_vmi_memory_pgmajfault_total", "The guest's page faults that read a disk.", instance,
            memory.majorFaults)
        counter(
            "kubevirt_vmi_memory_pgminfault_total", "The guest's page faults that read no disk.", instance,
            memory.minorFaults)
    }

    private mutating func storage(_ instance: InstanceSample, _ drive: DomainStatistics.Drive) {
        let labels = [("drive", instance.drives[drive.name] ?? drive.name)]
        let prefix = "kubevirt_vmi_storage_"
        counter(prefix + "iops_read_total", "Reads of a disk.", instance, drive.readRequests, labels)
        counter(prefix + "iops_write_total", "Writes of a disk.", instance, drive.writeRequests, labels)
        counter(prefix + "read_traffic_bytes_total", "What was read of a disk.", instance, drive.readBytes, labels)
        counter(prefix + "write_traffic_bytes_total", "What was written to it.", instance, drive.writtenBytes, labels)
        seconds(prefix + "read_times_seconds_total", "Time spent on reads.", instance, drive.readTime, labels)
        seconds(prefix + "write_times_seconds_total", "Time spent on writes.", instance, drive.writeTime, labels)
        counter(prefix + "flush_requests_total", "Flushes of a disk.", instance, drive.flushRequests, labels)
        seconds(prefix + "flush_times_seconds_total", "Time spent on flushes.", instance, drive.flushTime, labels)
    }

    private mutating func network(_ instance: InstanceSample, _ interface: DomainStatistics.Interface) {
        let label = ("interface", instance.interfaces[interface.name] ?? interface.name)
        let prefix = "kubevirt_vmi_network_"
        let counters: [(String, String, UInt64?)] = [
            ("receive_bytes_total", "What a guest received.", interface.receivedBytes),
            ("receive_packets_total", "Packets that a guest received.", interface.receivedPackets),
            ("receive_errors_total", "Packets to a guest with errors.", interface.receiveErrors),
            ("receive_packets_dropped_total", "Packets to a guest that were dropped.", interface.receiveDrops),
            ("transmit_bytes_total", "What a guest sent.", interface.sentBytes),
            ("transmit_packets_total", "Packets that a guest sent.", interface.sentPackets),
            ("transmit_errors_total", "Packets of a guest with errors.", interface.sendErrors),
            ("transmit_packets_dropped_total", "Packets of a guest that were dropped.", interface.sendDrops),
        ]
        for (name, help, value) in counters { counter(prefix + name, help, instance, value, [label]) }
        let help = "What a guest received (rx) and sent (tx)."
        counter(prefix + "traffic_bytes_total", help, instance, interface.receivedBytes, [label, ("type", "rx")])
        counter(prefix + "traffic_bytes_total", help, instance, interface.sentBytes, [label, ("type", "tx")])
    }
}

extension InstanceMetrics {
    private typealias Labels = [(String, String)]

    private mutating func gauge(
        _ name: String, _ help: String, _ instance: InstanceSample, _ value: UInt64?, _ labels: Labels = []
    ) {
        add(name, .gauge, help, instance, value.map { Double($0) }, labels)
    }

    private mutating func counter(
        _ name: String, _ help: String, _ instance: InstanceSample, _ value: UInt64?, _ labels: Labels = []
    ) {
        add(name, .counter, help, instance, value.map { Double($0) }, labels)
    }

    /// Takes nanoseconds.
    private mutating func seconds(
        _ name: String, _ help: String, _ instance: InstanceSample, _ value: UInt64?, _ labels: Labels = []
    ) {
        add(name, .counter, help, instance, value.map { Double($0) / 1e9 }, labels)
    }

    private mutating func add(
        _ name: String, _ kind: MetricDescriptor.Kind, _ help: String, _ instance: InstanceSample, _ value: Double?,
        _ labels: Labels
    ) {
        guard let value else { return }
        let own = [("node", node), ("namespace", instance.namespace), ("name", instance.name)] + labels
        let sample = MetricSample(value, labels: own.map { .init(name: $0.0, value: $0.1) })
        families[name, default: MetricFamily(MetricDescriptor(name, kind, help))].samples.append(sample)
    }
}
