internal import CLibvirt
internal import Glibc

/// What a guest tells of itself through qemu-guest-agent.
package struct GuestInfo: Sendable, Equatable {
    /// libvirt's typed parameters by name, such as `os.pretty-name`; numbers as text.
    package var parameters: [String: String]

    package var hostname: String? { parameters["hostname"] }
}

/// One network interface as the guest sees it.
package struct GuestInterface: Sendable, Equatable {
    package var name: String
    package var mac: String
    package var addresses: [String]

    package init(name: String, mac: String, addresses: [String]) {
        self.name = name
        self.mac = mac
        self.addresses = addresses
    }
}

extension DomainHandle {
    /// Maps to `virDomainGetGuestInfo` for the operating system and the host name.
    package func guestInfo() async throws(LibvirtError) -> GuestInfo {
        try await call { () throws(LibvirtError) in
            var parameters: virTypedParameterPtr?
            var count: Int32 = 0
            let types = VIR_DOMAIN_GUEST_INFO_OS.rawValue | VIR_DOMAIN_GUEST_INFO_HOSTNAME.rawValue
            // SAFETY: libvirt fills an array of `count` entries, which is freed below once all is copied.
            try checked(
                "virDomainGetGuestInfo",
                unsafe virDomainGetGuestInfo(self.pointer, UInt32(types), &parameters, &count, 0))
            defer { unsafe virTypedParamsFree(parameters, count) }
            return unsafe GuestInfo(parameters: text(of: parameters, count: Int(count)))
        }
    }

    /// Maps to `virDomainInterfaceAddresses` with the agent as its source.
    package func guestInterfaces() async throws(LibvirtError) -> [GuestInterface] {
        try await call { () throws(LibvirtError) in
            var list: UnsafeMutablePointer<virDomainInterfacePtr?>?
            let source = UInt32(VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT.rawValue)
            // SAFETY: libvirt fills an array of `count` interfaces; each is freed once it is copied, then the array.
            let count = try checked(
                "virDomainInterfaceAddresses", unsafe virDomainInterfaceAddresses(self.pointer, &list, source, 0))
            defer { unsafe free(list) }
            return unsafe UnsafeBufferPointer(start: list, count: Int(count)).compactMap { entry in
                guard let entry = unsafe entry else { return nil }
                defer { unsafe virDomainInterfaceFree(entry) }
                return unsafe guestInterface(entry)
            }
        }
    }
}

private func guestInterface(_ entry: virDomainInterfacePtr) -> GuestInterface {
    // SAFETY: the caller's entry is valid during the call, and its strings are copied.
    let name = unsafe entry.pointee.name.map { unsafe String(cString: $0) } ?? ""
    let mac = unsafe entry.pointee.hwaddr.map { unsafe String(cString: $0) } ?? ""
    let addresses = unsafe UnsafeBufferPointer(start: entry.pointee.addrs, count: Int(entry.pointee.naddrs))
    let texts = unsafe addresses.compactMap { unsafe $0.addr.map { unsafe String(cString: $0) } }
    return GuestInterface(name: name, mac: mac, addresses: texts)
}

private func text(of parameters: virTypedParameterPtr?, count: Int) -> [String: String] {
    var result: [String: String] = [:]
    // SAFETY: the caller's array holds `count` entries, each with the value of its type.
    for index in 0..<count {
        guard let parameter = unsafe parameters?[index] else { continue }
        let name = unsafe withUnsafeBytes(of: parameter.field) { field in
            unsafe String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
        }
        switch unsafe UInt32(parameter.type) {
        case VIR_TYPED_PARAM_STRING.rawValue: unsafe result[name] = parameter.value.s.map { unsafe String(cString: $0) }
        case VIR_TYPED_PARAM_INT.rawValue: unsafe result[name] = "\(parameter.value.i)"
        case VIR_TYPED_PARAM_UINT.rawValue: unsafe result[name] = "\(parameter.value.ui)"
        case VIR_TYPED_PARAM_LLONG.rawValue: unsafe result[name] = "\(parameter.value.l)"
        case VIR_TYPED_PARAM_ULLONG.rawValue: unsafe result[name] = "\(parameter.value.ul)"
        default: continue
        }
    }
    return result
}
