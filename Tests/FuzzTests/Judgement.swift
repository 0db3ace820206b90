import DomainModel
import DomainPlan
import KubeVirtModel
import KubernetesModel

/// What holds for every VMI that is accepted, whatever its text looked like.
struct Judgement {
    private(set) var faults: [String] = []
    /// How many domains were made: one a kind of accelerator.
    private(set) var domains = 0

    init(of instance: VirtualMachineInstance, isExplaining: Bool = false) {
        checkRoundTrip(instance)
        for accelerator in [PlanAccelerator.kvm, .emulation] {
            switch Pipeline.compile(instance, accelerator, isExplaining: isExplaining) {
            case .domain(let compiled):
                domains += 1
                faults += PathRule(instance).faults(in: compiled.root)
                checkDomain(compiled)
            case .noRoom: break
            case .fault(let fault): faults.append(fault)
            }
        }
    }

    /// The VMI, written and read again, says the same.
    private mutating func checkRoundTrip(_ instance: VirtualMachineInstance) {
        let document = instance.encode()
        if let fault = Formats.fault(document) { faults.append("\(instance.name): \(fault)") }
        var context = DecodingContext()
        let decoded = VirtualMachineInstance.decode(document, &context)
        if !(decoded?.encode().isSame(as: document) ?? false) {
            faults.append("\(instance.name) is another VMI after decoding")
        }
    }

    /// libvirt's model reads the document as it was meant.
    private mutating func checkDomain(_ compiled: Pipeline.Compiled) {
        do {
            let again = try Domain(xml: compiled.text).xml().text
            if again != compiled.text { faults.append("the domain is another one once it is read: \(again)") }
        } catch { faults.append("the domain cannot be read: \(error)") }
    }
}
