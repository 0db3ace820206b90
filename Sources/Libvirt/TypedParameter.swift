internal import CLibvirt

/// The value of one of libvirt's typed parameters.
package enum ParameterValue: Sendable, Equatable {
    case signed(Int64)
    case unsigned(UInt64)
    case real(Double)
    case bool(Bool)
    case text(String)

    /// The number as libvirt counts most things; nil for a negative one and for what is no number.
    package var count: UInt64? {
        switch self {
        case .signed(let value): UInt64(exactly: value)
        case .unsigned(let value): value
        case .real, .bool, .text: nil
        }
    }

    package var text: String {
        switch self {
        case .signed(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .real(let value): "\(value)"
        case .bool(let value): value ? "1" : "0"
        case .text(let value): value
        }
    }
}

/// Copies an array of typed parameters by name. A type that this version does not know is left out.
func values(of parameters: virTypedParameterPtr?, count: Int) -> [String: ParameterValue] {
    var result: [String: ParameterValue] = [:]
    result.reserveCapacity(count)
    // SAFETY: the caller's array holds `count` entries, each with the value of its type.
    for index in 0..<count {
        guard let parameter = unsafe parameters?[index] else { continue }
        let name = unsafe withUnsafeBytes(of: parameter.field) { field in
            unsafe String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
        }
        unsafe result[name] = value(of: parameter)
    }
    return result
}

private func value(of parameter: virTypedParameter) -> ParameterValue? {
    // SAFETY: the type says which member of the union holds the value; a string is copied.
    switch unsafe UInt32(parameter.type) {
    case VIR_TYPED_PARAM_STRING.rawValue: unsafe parameter.value.s.map { unsafe .text(String(cString: $0)) }
    case VIR_TYPED_PARAM_INT.rawValue: unsafe .signed(Int64(parameter.value.i))
    case VIR_TYPED_PARAM_UINT.rawValue: unsafe .unsigned(UInt64(parameter.value.ui))
    case VIR_TYPED_PARAM_LLONG.rawValue: unsafe .signed(parameter.value.l)
    case VIR_TYPED_PARAM_ULLONG.rawValue: unsafe .unsigned(parameter.value.ul)
    case VIR_TYPED_PARAM_DOUBLE.rawValue: unsafe .real(parameter.value.d)
    case VIR_TYPED_PARAM_BOOLEAN.rawValue: unsafe .bool(parameter.value.b != 0)
    default: nil
    }
}
