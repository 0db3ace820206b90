package import Hummingbird
package import Logging

/// What a request's context is made from.
package struct ServingSource: RequestContextSource {
    package let identity: Identity
    package let logger: Logger

    package init(identity: Identity, logger: Logger) {
        self.identity = identity
        self.logger = logger
    }
}

/// A request's context: who asks.
package struct ServingContext: RequestContext {
    package typealias Source = ServingSource

    package var coreContext: CoreRequestContextStorage
    package let identity: Identity

    package init(source: ServingSource) {
        coreContext = CoreRequestContextStorage(source: source)
        identity = source.identity
    }
}
