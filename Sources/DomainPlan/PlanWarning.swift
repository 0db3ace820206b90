/// Something that a domain could not give as it was asked for.
package struct PlanWarning: Sendable, Equatable {
    /// A stable name in camel case.
    package var reason: String
    package var field: String
    package var message: String
    /// Whether the domain cannot start here: it is shown, and not run.
    package var isBlocking: Bool

    package init(reason: String, field: String, message: String, isBlocking: Bool = false) {
        self.reason = reason
        self.field = field
        self.message = message
        self.isBlocking = isBlocking
    }
}
