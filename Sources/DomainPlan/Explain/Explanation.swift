package import DomainModel
package import KubeVirtModel
import KubernetesModel

/// A domain's document, with the cause of every element and attribute.
package struct Explanation: Sendable {
    let root: ExplainedElement
    package let warnings: [PlanWarning]
    let written: WrittenFields?

    /// Explains a plan that was made of `instance`, by what the user `wrote`.
    package init(
        _ plan: DomainPlan, of instance: VirtualMachineInstance, wrote written: WrittenFields?
    ) throws(XMLError) {
        self.init(
            try XMLReader.read(plan.domain.xml().text), causes: plan.causes, warnings: plan.warnings,
            CauseResolver(written: written, defaulted: FieldTree(instance.encode())))
    }

    init(_ domain: XMLElement, causes: [PlanCause], warnings: [PlanWarning] = [], _ resolver: CauseResolver) {
        let builder = ExplainedElementBuilder(causes: CauseIndex(causes), resolver: resolver)
        root = builder.make(domain)
        self.warnings = warnings
        written = resolver.written
    }
}

/// An element of a domain, and why it is there.
struct ExplainedElement: Sendable {
    struct Attribute: Sendable, Equatable {
        var name: String
        var value: String
        var cause: ResolvedCause
    }

    /// The element's path below `<domain>`; empty for that one.
    var path: String
    /// The last step of the path.
    var step: String
    /// What it is matched by among its neighbours in another domain.
    var identity: String
    var name: String
    var text: String
    var cause: ResolvedCause
    /// Whether the cause is its own, and not that of the element around it.
    var isNoted: Bool
    var attributes: [Attribute]
    var children: [ExplainedElement] = []

    /// The value of an attribute, or (`child@attribute`) of a child's.
    func value(_ place: String) -> String? {
        let parts = place.split(separator: "@", maxSplits: 1)
        guard parts.count == 2 else { return attributes.first { $0.name == place }?.value }
        return children.first { $0.name == parts[0] }?.value(String(parts[1]))
    }

    func child(_ name: String) -> ExplainedElement? { children.first { $0.name == name } }
}

private struct ExplainedElementBuilder {
    /// What nobody noted, and no element around it has a cause for.
    private static let fallback = PlanCause.Reason.rule("the same for every VM")

    let causes: CauseIndex
    let resolver: CauseResolver

    func make(_ domain: XMLElement) -> ExplainedElement {
        let place = ElementIdentity.Place(step: domain.name, identity: domain.name, names: [])
        return make(domain, place, path: "", at: .root, around: resolver.resolve(Self.fallback))
    }

    private func make(
        _ element: XMLElement, _ place: ElementIdentity.Place, path: String, at position: CauseIndex.Position,
        around outer: ResolvedCause
    ) -> ExplainedElement {
        let own = causes.reason(at: position).map(resolver.resolve)
        let cause = own ?? outer
        let attributes = element.attributes.map { attribute in
            let reason = causes.reason(at: position, attribute: attribute.name)
            return ExplainedElement.Attribute(
                name: attribute.name, value: attribute.value, cause: reason.map(resolver.resolve) ?? cause)
        }
        var result = ExplainedElement(
            path: path, step: place.step, identity: place.identity, name: element.name, text: element.text,
            cause: cause, isNoted: own != nil, attributes: attributes)
        result.children = zip(element.children, ElementIdentity.places(of: element.children)).map { child, place in
            make(
                child, place, path: path.isEmpty ? place.step : "\(path)/\(place.step)",
                at: causes.position(below: position, place), around: cause)
        }
        return result
    }
}
