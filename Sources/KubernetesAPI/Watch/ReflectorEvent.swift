package import KubernetesModel

/// What a reflector learnt.
package enum ReflectorEvent: Sendable, Equatable {
    /// All objects that there are: who is not among them is gone.
    case replaced([DocumentNode])
    /// New, or changed.
    case changed(DocumentNode)
    /// Deleted, or no longer selected.
    case removed(DocumentNode)
    /// The API does not answer: what was known may be old, and stays what is known.
    case interrupted(APIError)
    /// It answers again; what changed meanwhile follows.
    case resumed
}
