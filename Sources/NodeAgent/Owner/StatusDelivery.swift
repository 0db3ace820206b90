/// Where the status stands on its way to the API.
struct StatusDelivery: Sendable {
    /// A write is under way; what changes meanwhile goes with the next.
    var isWriting = false
    /// Something changed since.
    var isDirty = false
    /// The API cannot be reached, or has something newer: the next news from it ends this.
    var isBlocked = false
    /// A status that waits for a better one need not wait any longer.
    var isDue = false
    /// Its timer runs.
    var isScheduled = false
    /// The API has no such VMI.
    var isRemoved = false
    /// The VMI is to lose its finalizer: nothing of it is left here.
    var isFinishing = false
    var failures = 0
}
