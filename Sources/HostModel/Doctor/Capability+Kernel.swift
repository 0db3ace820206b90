import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the kernel gives: cgroups, NUMA, hugepages, the IOMMU and its devices.
extension Capability {
    static func cgroups(_ context: DoctorContext) -> Capability {
        let (id, title) = ("cgroups", "cgroups")
        let layout = context.host.cgroup
        guard layout.version != .none, let mount = layout.mountPoints.first else {
            return Capability(
                id: id, title: title, state: .missing,
                evidence: "No control groups are mounted: VMs cannot be confined.",
                remedy: "mount -t cgroup2 none /sys/fs/cgroup")
        }
        let wanted = ["cpu", "cpuset", "memory"]
        let absent = wanted.filter { !layout.controllers.contains($0) }
        let writable = !context.root.isRunningHost || access(mount, W_OK) == 0
        var evidence =
            "\(layout.version.rawValue) at \(mount), controllers \(layout.controllers.joined(separator: " "))"
        if !absent.isEmpty { evidence += "; without \(absent.joined(separator: ", "))" }
        if !writable { evidence += "; read-only for this process" }
        if layout.version != .v2 { evidence += "; version 2 is what virt-node is tuned for" }
        let remedy =
            !writable
            ? "Run as root, and give a container its host's /sys/fs/cgroup writable."
            : "Add systemd.unified_cgroup_hierarchy=1 to GRUB_CMDLINE_LINUX in /etc/default/grub; update-grub && reboot"
        return Capability(
            id: id, title: title, state: absent.isEmpty && writable && layout.version == .v2 ? .ok : .degraded,
            evidence: evidence, remedy: remedy)
    }

    static func numa(_ context: DoctorContext) -> Capability {
        let cells = context.host.cells.map { "\($0.id): CPUs \($0.cpus), \(size(kibibytes: $0.memoryKiB))" }
        return Capability(
            id: "numa", title: "NUMA", state: context.host.cpus.isEmpty ? .unknown : .ok,
            evidence: "\(cells.count) \(cells.count == 1 ? "cell" : "cells"); \(cells.joined(separator: "; "))")
    }

    static func hugepages(_ context: DoctorContext) -> Capability {
        let pools = context.host.cells.flatMap { cell in
            cell.hugepages.filter { $0.total > 0 }.map { (cell: cell.id, pool: $0) }
        }
        let (id, title) = ("hugepages", "hugepages")
        guard !pools.isEmpty else {
            let sizes = Set(context.host.cells.flatMap { $0.hugepages.map(\.sizeKiB) }).sorted()
            return Capability(
                id: id, title: title, state: .missing,
                evidence: sizes.isEmpty
                    ? "The kernel offers no hugepages."
                    : "None reserved; the kernel offers \(sizes.map { size(kibibytes: $0) }.joined(separator: ", ")).",
                remedy:
                    "sysctl -w vm.nr_hugepages=1024 (2 MiB each), or hugepagesz=1G hugepages=N on the kernel command line"
            )
        }
        let text = pools.map {
            "cell \($0.cell): \($0.pool.free) of \($0.pool.total) of \(size(kibibytes: $0.pool.sizeKiB)) free"
        }
        return Capability(
            id: id, title: title, state: pools.contains { $0.pool.free > 0 } ? .ok : .degraded,
            evidence: text.joined(separator: "; "), remedy: "All are in use: raise vm.nr_hugepages.")
    }

    static func iommu(_ context: DoctorContext) -> Capability {
        let groups = context.root.names(in: "/sys/kernel/iommu_groups").count
        let told = context.host.kernel.commandLine.filter {
            $0.hasPrefix("intel_iommu=") || $0.hasPrefix("amd_iommu=") || $0.hasPrefix("iommu=")
        }
        let commandLine =
            told.isEmpty
            ? "the kernel command line says nothing of it" : "kernel command line: \(told.joined(separator: " "))"
        return Capability(
            id: "iommu", title: "IOMMU", state: groups > 0 ? .ok : .missing,
            evidence: groups > 0
                ? "\(groups) groups; \(commandLine)"
                : "No IOMMU groups, so that no device can be passed through; \(commandLine)",
            remedy:
                "Switch on VT-d or AMD-Vi in the firmware's setup; on Intel add intel_iommu=on iommu=pt to GRUB_CMDLINE_LINUX in /etc/default/grub; update-grub && reboot"
        )
    }

    static func vfio(_ context: DoctorContext) -> Capability {
        let device = context.root.exists("/dev/vfio/vfio")
        let driver = context.root.exists("/sys/bus/pci/drivers/vfio-pci")
        let bound = context.host.pciDevices.filter { $0.driver == "vfio-pci" }.map(\.address)
        return Capability(
            id: "vfio", title: "VFIO", state: device && driver ? .ok : device || driver ? .degraded : .missing,
            evidence:
                "/dev/vfio/vfio is \(device ? "there" : "absent"), the driver vfio-pci is \(driver ? "loaded" : "not loaded")"
                + (bound.isEmpty ? "" : "; bound to \(bound.joined(separator: ", "))"),
            remedy: "modprobe vfio-pci, and echo vfio-pci >/etc/modules-load.d/vfio.conf for the next boot")
    }

    static func vhost(_ context: DoctorContext) -> Capability {
        let devices = [("vhost-net", "vhost_net"), ("vhost-vsock", "vhost_vsock")]
        let absent = devices.filter { !context.root.exists("/dev/\($0.0)") }
        return Capability(
            id: "vhost", title: "vhost",
            state: absent.isEmpty ? .ok : absent.count == devices.count ? .missing : .degraded,
            evidence: devices.map { device in
                "/dev/\(device.0) is \(absent.contains { $0.0 == device.0 } ? "absent" : "there")"
            }.joined(separator: ", ")
                + (absent.contains { $0.0 == "vhost-net" } ? ": VMs' networks run in QEMU, slower" : ""),
            remedy: "modprobe -a \(absent.map(\.1).joined(separator: " "))")
    }

    static func tun(_ context: DoctorContext) -> Capability {
        let found = context.root.exists("/dev/net/tun")
        return Capability(
            id: "tun", title: "tun", state: found ? .ok : .missing,
            evidence: "/dev/net/tun is \(found ? "there" : "absent: no VM can have a tap interface")",
            remedy: "modprobe tun")
    }
}
