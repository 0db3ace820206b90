/// The counters of one domain, from `virConnectGetAllDomainStats`. What the driver does not tell is nil.
package struct DomainStatistics: Sendable, Equatable {
    package var domain: String
    package var uuid: String
    package var state: DomainState?
    package var cpu = CPU()
    package var vcpus: [VCPU] = []
    package var memory = MemoryStatistics()
    package var drives: [Drive] = []
    package var interfaces: [Interface] = []
    /// Mebibytes a second that the guest writes to, where a measurement ran.
    package var dirtyRateMiBPerSecond: UInt64?

    /// Times of the whole QEMU, in nanoseconds.
    package struct CPU: Sendable, Equatable {
        package var time: UInt64?
        package var user: UInt64?
        package var system: UInt64?

        package init(time: UInt64? = nil, user: UInt64? = nil, system: UInt64? = nil) {
            self.time = time
            self.user = user
            self.system = system
        }
    }

    /// One virtual CPU; times in nanoseconds.
    package struct VCPU: Sendable, Equatable {
        /// `virVcpuState`: offline, running or blocked.
        package enum State: String, Sendable { case offline, running, blocked, other }

        package var index: Int
        package var state: State?
        package var time: UInt64?
        /// Waiting for I/O.
        package var wait: UInt64?
        /// Ready to run, and without a CPU of the host.
        package var delay: UInt64?

        package init(
            index: Int, state: State? = nil, time: UInt64? = nil, wait: UInt64? = nil, delay: UInt64? = nil
        ) {
            self.index = index
            self.state = state
            self.time = time
            self.wait = wait
            self.delay = delay
        }
    }

    /// One disk, by its target such as `vda`; times in nanoseconds.
    package struct Drive: Sendable, Equatable {
        package var name: String
        package var path: String?
        package var readRequests: UInt64?
        package var readBytes: UInt64?
        package var readTime: UInt64?
        package var writeRequests: UInt64?
        package var writtenBytes: UInt64?
        package var writeTime: UInt64?
        package var flushRequests: UInt64?
        package var flushTime: UInt64?
        package var allocation: UInt64?
        package var capacity: UInt64?
        package var physical: UInt64?

        package init(name: String) { self.name = name }
    }

    /// One network interface, by the host's device such as `tap0`. Directions are the guest's.
    package struct Interface: Sendable, Equatable {
        package var name: String
        package var receivedBytes: UInt64?
        package var receivedPackets: UInt64?
        package var receiveErrors: UInt64?
        package var receiveDrops: UInt64?
        package var sentBytes: UInt64?
        package var sentPackets: UInt64?
        package var sendErrors: UInt64?
        package var sendDrops: UInt64?

        package init(name: String) { self.name = name }
    }

    package init(domain: String, uuid: String) {
        self.domain = domain
        self.uuid = uuid
    }
}
