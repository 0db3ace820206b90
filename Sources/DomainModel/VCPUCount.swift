/// `<vcpu>`: how many vCPUs the domain can have, and how many it starts with.
package struct VCPUCount: XMLPart {
    package var count = 1
    /// vCPUs at boot; all where nil.
    package var current: Int?
    /// `static`, or `auto` for a placement that numad advises.
    package var placement: String? = "static"
    /// Host CPUs that every thread without a pin of its own runs on; all where nil.
    package var cpuset: String?
    package var rest: XMLRest?

    package init() {}

    package init(count: Int, current: Int? = nil, placement: String? = "static") {
        self.count = count
        self.current = current
        self.placement = placement
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("placement", &placement)
        visitor.attribute("cpuset", &cpuset)
        visitor.attribute("current", &current)
        visitor.requiredText(&count)
    }
}

/// `<vcpus><vcpu>`: one vCPU, there from the start or plugged in later.
package struct VCPU: XMLPart {
    package var id = 0
    package var enabled = true
    package var hotpluggable = false
    package var rest: XMLRest?

    package init() {}

    package init(id: Int, enabled: Bool, hotpluggable: Bool) {
        self.id = id
        self.enabled = enabled
        self.hotpluggable = hotpluggable
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("id", &id)
        visitor.attribute("enabled", yesNo: &enabled)
        visitor.attribute("hotpluggable", yesNo: &hotpluggable)
    }
}
