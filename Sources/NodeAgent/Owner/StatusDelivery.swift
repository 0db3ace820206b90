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
    /// Seconds since 1970 at which the oldest change came that no write tells of, and the one that the write under way does.
    var changedAt: Double?
    var writeBegan: Double?
    /// How many of the phases the metrics know.
    var toldPhases: Int?
}
