internal import HostModel
internal import Libvirt
internal import Logging
internal import Placement
internal import SystemPackage

/// What a running VM holds of its node, as far as the owner sees to it.
extension OwnerDriver {
    /// Keeps the threads that have no CPU of their own off those that are somebody's: a VM with dedicated CPUs may have
    /// come, or gone.
    func repin(_ group: inout DiscardingTaskGroup) {
        guard machine.state.holdsDomain, let live = seen.live, intent?.qemu != nil,
            environment.libvirt.connection?.endpoint.isFake == false
        else { return }
        let cpus = environment.allocator.sharedCPUs ?? environment.allocator.allCPUs
        guard cpus != sharedCPUs ?? live.sharedCPUs ?? environment.allocator.allCPUs else { return }
        sharedCPUs = cpus
        let placement = intent?.placement
        let isDedicated = !(placement?.vcpuPins.isEmpty ?? true)
        let vcpus = isDedicated ? placement?.sharedVCPUs?.ids ?? [] : Array(0..<live.vcpus)
        let movesEmulator = placement?.emulatorPins.isEmpty ?? true
        let ioThreads = isDedicated ? 0 : live.ioThreads
        withDomain(&group) { domain throws(LibvirtError) in
            if movesEmulator { try await domain.pinEmulator(to: cpus.ids) }
            for vcpu in vcpus { try await domain.pinVCPU(vcpu, to: cpus.ids) }
            for thread in 0..<ioThreads { try await domain.pinIOThread(thread + 1, to: cpus.ids) }
        }
    }

    /// Tells the kernel which process to end first where memory runs out.
    func rate(_ qemu: ProcessIdentity?, _ holding: NodeAllocator.Holding?) {
        guard let qemu, let holding else { return }
        let score = OOMScore.adjustment(
            isDedicated: !(holding.placement?.vcpuPins.isEmpty ?? true), promised: holding.memory,
            nodeMemory: environment.allocator.nodeMemory)
        let file = FilePath("/proc/\(qemu.pid)/oom_score_adj")
        do {
            let descriptor = try FileDescriptor.open(file, .writeOnly)
            _ = try descriptor.closeAfter { try descriptor.writeAll("\(score)".utf8) }
        } catch {
            // A QEMU that is gone meanwhile needs no rating.
            logger.info("\(owner.qualifiedName): cannot write \(file): \(error)")
        }
    }
}
