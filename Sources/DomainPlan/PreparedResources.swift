package import DomainModel

/// What was made ready on the host before the domain is compiled.
package struct PreparedResources: Sendable {
    /// By the volume's name.
    package var disks: [String: PreparedDisk] = [:]
    /// By the interface's name.
    package var interfaces: [String: PreparedInterface] = [:]
    /// The sockets of virtiofs daemons, by the filesystem's name.
    package var filesystems: [String: String] = [:]
    /// Files with ACPI tables, by the volume that holds them.
    package var acpiTables: [String: String] = [:]
    package var kernel: PreparedKernel?
    /// A file with the Ignition document of the VMI's annotation.
    package var ignitionFile: String?
    package var firmware: FirmwareLoader?
    package var serialSocket: String
    package var vncSocket: String
    /// The guest agent's socket; libvirt's choice where nil.
    package var agentSocket: String?
    /// The socket that host metrics are asked for on (`devices.downwardMetrics`).
    package var metricsSocket: String?
    /// The sockets for USB redirection, one a device.
    package var usbRedirectionSockets: [String] = []
    /// The socket of the daemon that keeps SCSI persistent reservations.
    package var reservationSocket: String?

    package init(serialSocket: String, vncSocket: String) {
        self.serialSocket = serialSocket
        self.vncSocket = vncSocket
    }
}

/// A volume that QEMU can open.
package struct PreparedDisk: Sendable, Equatable {
    package var source: DomainDisk.Source
    /// Bytes that the guest sees.
    package var capacity: Int64
    package var isReadOnly: Bool
    /// Whether the file and all below it can be opened with O_DIRECT.
    package var supportsDirectIO: Bool
    /// Whether every block is allocated, so that native I/O never waits for the filesystem.
    package var isPreallocated: Bool
    /// The block sizes of what lies below (`blockSize.matchVolume`); nil where unknown.
    package var blockIO: BlockIO?

    package init(
        source: DomainDisk.Source, capacity: Int64, isReadOnly: Bool = false, supportsDirectIO: Bool = true,
        isPreallocated: Bool = false, blockIO: BlockIO? = nil
    ) {
        self.source = source
        self.capacity = capacity
        self.isReadOnly = isReadOnly
        self.supportsDirectIO = supportsDirectIO
        self.isPreallocated = isPreallocated
        self.blockIO = blockIO
    }
}

/// A network interface that QEMU can attach to.
package struct PreparedInterface: Sendable, Equatable {
    package var source: DomainInterface.Source
    /// The tap; libvirt makes one where nil.
    package var target: DomainInterface.Target?
    package var mac: String?
    /// The guest's networks in user mode; QEMU's own where empty.
    package var addresses: [DomainInterface.IPAddress] = []

    package init(
        source: DomainInterface.Source, target: DomainInterface.Target? = nil, mac: String?,
        addresses: [DomainInterface.IPAddress] = []
    ) {
        self.source = source
        self.target = target
        self.mac = mac
        self.addresses = addresses
    }
}

/// A kernel and an initrd as files on the host.
package struct PreparedKernel: Sendable, Equatable {
    package var kernel: String
    package var initrd: String?

    package init(kernel: String, initrd: String?) {
        self.kernel = kernel
        self.initrd = initrd
    }
}
