import DomainModel
import KubeVirtModel
import Placement

/// Devices of the host that the guest drives itself (`<hostdev>`): generic PCI, mediated and USB devices, then GPUs, then
/// SR-IOV functions.
enum HostDevicesPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) throws(DomainPlanError) {
        guard
            !request.devices.hostDevices.isEmpty || !request.devices.gpus.isEmpty
                || request.devices.interfaces.contains(where: { $0.sriov != nil })
        else { return }
        // The placement's devices stand in the order of its request: host devices, GPUs, then SR-IOV interfaces.
        var granted = (request.placement?.devices ?? [])[...]
        var generic: [DomainModel.HostDevice] = []
        for (index, device) in request.devices.hostDevices.enumerated() {
            let field = "spec.domain.devices.hostDevices[\(index)]"
            let resource = DeviceKey.of(device)
            guard let given = granted.popFirst() else {
                throw .deviceNotGranted(instance: request.instance.qualifiedName, field: field, resource: resource)
            }
            let prefix = if case .usb = given.device { "usb-host" } else { "hostdevice" }
            generic.append(make(given, alias: "ua-\(prefix)-\(device.name)", field, &draft))
        }
        let gpus = try makeGPUs(&granted, &draft, request)
        let functions = try makeFunctions(&granted, &draft, request)
        for kind in ["pci", "mdev", "usb"] { draft.domain.devices.hostDevices += generic.filter { $0.type == kind } }
        for kind in ["pci", "mdev"] { draft.domain.devices.hostDevices += gpus.filter { $0.type == kind } }
        draft.domain.devices.hostDevices += functions
    }

    private static func makeGPUs(
        _ granted: inout ArraySlice<PlacedDevice>, _ draft: inout DomainDraft, _ request: PlanRequest
    ) throws(DomainPlanError) -> [DomainModel.HostDevice] {
        let specs = request.devices.gpus
        // Where none says anything about a display, the first vGPU has it: QEMU shows one.
        var display = specs.allSatisfy { $0.virtualGPUOptions == nil }
        var made: [DomainModel.HostDevice] = []
        for (index, gpu) in specs.enumerated() {
            let field = "spec.domain.devices.gpus[\(index)]"
            guard let given = granted.popFirst() else {
                throw .deviceNotGranted(
                    instance: request.instance.qualifiedName, field: field, resource: DeviceKey.of(gpu))
            }
            var device = make(given, alias: "ua-gpu-\(gpu.name)", field, &draft)
            switch given.device {
            case .usb:
                throw .deviceOfWrongKind(
                    instance: request.instance.qualifiedName, field: field, device: "\(given.device)",
                    needed: "a PCI or mediated device")
            case .mdev:
                if let options = gpu.virtualGPUOptions?.display {
                    setDisplay(&device, options)
                } else if display || gpu.virtualGPUOptions != nil {
                    setDisplay(&device, VirtualGPUDisplay())
                    display = false
                }
                if device.ramfb ?? false, made.contains(where: { $0.ramfb ?? false }) {
                    device.ramfb = nil
                    draft.warn(
                        "RamFBDropped", "\(field).virtualGPUOptions.display.ramFB",
                        "one device shows the screen before the guest's driver does, and another has it")
                }
            case .pci:
                if gpu.virtualGPUOptions?.display?.isOn ?? false {
                    draft.warn(
                        "DisplayDropped", "\(field).virtualGPUOptions.display",
                        "libvirt shows the display of mediated devices only: \(gpu.name) is a PCI device")
                }
            }
            made.append(device)
        }
        return made
    }

    private static func setDisplay(_ device: inout DomainModel.HostDevice, _ options: VirtualGPUDisplay) {
        guard options.isOn else { return }
        device.display = true
        if options.ramFB?.isOn ?? true { device.ramfb = true }
    }

    private static func makeFunctions(
        _ granted: inout ArraySlice<PlacedDevice>, _ draft: inout DomainDraft, _ request: PlanRequest
    ) throws(DomainPlanError) -> [DomainModel.HostDevice] {
        var made: [DomainModel.HostDevice] = []
        for (index, interface) in request.devices.interfaces.enumerated()
        where interface.sriov != nil && interface.state != .absent {
            let field = "spec.domain.devices.interfaces[\(index)]"
            let instance = request.instance.qualifiedName
            guard let given = granted.popFirst() else {
                let resource = DeviceKey.of(interface, request.instance.spec.networks)
                throw .deviceNotGranted(instance: instance, field: field, resource: resource)
            }
            guard case .pci = given.device else {
                throw .deviceOfWrongKind(
                    instance: instance, field: field, device: "\(given.device)", needed: "a PCI virtual function")
            }
            var device = make(given, alias: "ua-sriov-\(interface.name)", field, &draft)
            device.bootOrder = interface.bootOrder
            if let address = interface.pciAddress {
                guard let parsed = DeviceAddress.pci(address) else {
                    throw .badPCIAddress(instance: instance, field: "\(field).pciAddress", address: address)
                }
                device.address = parsed
            }
            made.append(device)
        }
        return made
    }

    private static func make(
        _ given: PlacedDevice, alias: String, _ field: String, _ draft: inout DomainDraft
    ) -> DomainModel.HostDevice {
        var device = DomainModel.HostDevice()
        device.alias = alias
        switch given.device {
        case .pci(let address):
            device.type = "pci"
            device.managed = false
            device.source = DeviceAddress.pci(address).map { .pci($0) } ?? .other
        case .mdev(let uuid):
            device.type = "mdev"
            device.mode = "subsystem"
            device.model = "vfio-pci"
            device.source = .mdev(uuid: uuid)
        case .usb(let bus, let number):
            device.type = "usb"
            device.mode = "subsystem"
            device.source = .usb(bus: bus, device: number)
        }
        draft.placedDevices[alias] = given
        // An element is known by its alias without the prefix of a user's own.
        draft.because("devices/hostdev[\(alias.dropFirst(3))]", .field(field))
        draft.because("devices/hostdev[\(alias.dropFirst(3))]/source", .host("\(given.resource) is \(given.device)"))
        return device
    }
}

/// The name under which a device is granted: the device plugin's resource, or the claim and request of dynamic resource
/// allocation (`CLAIM/REQUEST`), or the network of an SR-IOV interface.
enum DeviceKey {
    static func of(_ gpu: GPU) -> String { key(gpu.deviceName, gpu.claimName, gpu.requestName) }
    static func of(_ device: KubeVirtModel.HostDevice) -> String {
        key(device.deviceName, device.claimName, device.requestName)
    }

    static func of(_ interface: Interface, _ networks: [Network]) -> String {
        let network = networks.first { $0.name == interface.name }
        if let claim = network?.resourceClaim { return key(nil, claim.claimName, claim.requestName) }
        return network?.multus?.networkName ?? interface.name
    }

    private static func key(_ resource: String?, _ claim: String?, _ request: String?) -> String {
        if let resource, !resource.isEmpty { return resource }
        return [claim, request].compactMap { $0 }.joined(separator: "/")
    }
}
