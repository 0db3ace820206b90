/// `<cpu>`.
package struct DomainCPU: XMLPart {
    package enum Mode: Sendable, Equatable {
        case hostModel
        case hostPassthrough
        case maximum
        case custom(model: String)
    }

    package var mode = Mode.hostModel
    /// 0 where the document has no topology.
    package var sockets: UInt32 = 1
    package var cores: UInt32 = 1
    package var threads: UInt32 = 1
    package var features: [Feature] = []
    package var numa: [NUMACell] = []
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitMode(&visitor)
        visitor.choice("topology") { visitTopology(&$0) }
        visitor.elements("feature", &features)
        visitor.group("numa") { $0.elements("cell", &numa) }
    }

    private mutating func visitTopology(_ topology: inout some XMLVisitor) {
        if topology.isReading {
            let figures = (["sockets", "cores", "threads"] as [StaticString]).map {
                topology.peek($0).flatMap { UInt32(xml: $0) }
            }
            (sockets, cores, threads) = (0, 0, 0)
            guard figures.allSatisfy({ $0 ?? 0 > 0 }) else { return }
        }
        guard topology.isReading || sockets > 0 else { return }
        topology.attribute("sockets", &sockets)
        topology.attribute("cores", &cores)
        topology.attribute("threads", &threads)
    }

    private mutating func visitMode(_ visitor: inout some XMLVisitor) {
        var word = mode.word
        visitor.attribute("mode", &word)
        var model = ""
        if case .custom(let name) = mode { model = name }
        visitor.group("model") { if word == .custom { $0.text(&model) } }
        if visitor.isReading { mode = Mode(word, model: model) }
    }

    /// `<feature>`.
    package struct Feature: XMLPart {
        package var name = ""
        /// `force`, `require`, `optional`, `disable` or `forbid`.
        package var policy = ""
        package var rest: XMLRest?

        package init() {}

        package init(name: String, policy: String) {
            self.name = name
            self.policy = policy
        }

        package mutating func visit(_ visitor: inout some XMLVisitor) {
            visitor.attribute("policy", &policy)
            visitor.attribute("name", &name)
        }
    }
}

extension DomainCPU.Mode {
    fileprivate enum Word: String, XMLWord {
        case hostModel = "host-model"
        case hostPassthrough = "host-passthrough"
        case maximum, custom
    }

    fileprivate var word: Word {
        switch self {
        case .hostModel: .hostModel
        case .hostPassthrough: .hostPassthrough
        case .maximum: .maximum
        case .custom: .custom
        }
    }

    fileprivate init(_ word: Word, model: String) {
        switch word {
        case .hostModel: self = .hostModel
        case .hostPassthrough: self = .hostPassthrough
        case .maximum: self = .maximum
        case .custom: self = .custom(model: model)
        }
    }
}
