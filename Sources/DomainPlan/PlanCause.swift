/// Why one part of a domain is as it is.
package struct PlanCause: Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// A field of the VMI: what it says, or its default where it says nothing.
        case field(String)
        /// A fact of the host, such as a CPU that the VM was given.
        case host(String)
        /// A rule of virt-node.
        case rule(String)
    }

    /// The element's path below `<domain>`, such as `devices/disk[root]/driver@cache`. What is true of an element is true
    /// of all below it that have no cause of their own.
    package var element: String
    package var reason: Reason

    package init(element: String, reason: Reason) {
        self.element = element
        self.reason = reason
    }
}
