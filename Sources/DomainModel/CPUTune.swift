/// `<cputune>`: which host CPUs the domain's threads run on.
package struct CPUTune: XMLPart {
    package var vcpuPins: [VCPUPin] = []
    /// Host CPUs of QEMU's own threads (`<emulatorpin>`), such as `4,12`.
    package var emulatorPin: String?
    package var iothreadPins: [IOThreadPin] = []
    package var vcpuSchedulers: [VCPUScheduler] = []
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.elements("vcpupin", &vcpuPins)
        visitor.attribute("cpuset", in: "emulatorpin", &emulatorPin)
        visitor.elements("iothreadpin", &iothreadPins)
        visitor.elements("vcpusched", &vcpuSchedulers)
    }
}

/// `<vcpupin>`.
package struct VCPUPin: XMLPart {
    package var vcpu = 0
    /// Host CPUs, as libvirt spells sets: `3`, `0-1,8`.
    package var cpuset = ""
    package var rest: XMLRest?

    package init() {}

    package init(vcpu: Int, cpuset: String) {
        self.vcpu = vcpu
        self.cpuset = cpuset
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("vcpu", &vcpu)
        visitor.attribute("cpuset", &cpuset)
    }
}

/// `<iothreadpin>`.
package struct IOThreadPin: XMLPart {
    /// From 1.
    package var iothread = 1
    /// Host CPUs, as libvirt spells sets.
    package var cpuset = ""
    package var rest: XMLRest?

    package init() {}

    package init(iothread: Int, cpuset: String) {
        self.iothread = iothread
        self.cpuset = cpuset
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("iothread", &iothread)
        visitor.attribute("cpuset", &cpuset)
    }
}

/// `<vcpusched>`: the kernel's scheduler for some vCPUs.
package struct VCPUScheduler: XMLPart {
    /// vCPUs, as libvirt spells sets.
    package var vcpus = ""
    /// `fifo`, `rr`, `batch` or `idle`.
    package var scheduler = ""
    /// 1 to 99, for `fifo` and `rr`.
    package var priority: Int?
    package var rest: XMLRest?

    package init() {}

    package init(vcpus: String, scheduler: String, priority: Int? = nil) {
        self.vcpus = vcpus
        self.scheduler = scheduler
        self.priority = priority
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("vcpus", &vcpus)
        visitor.attribute("scheduler", &scheduler)
        visitor.attribute("priority", &priority)
    }
}
