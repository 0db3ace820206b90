internal import FoundationEssentials

/// Base64 as Kubernetes takes it: line breaks count for nothing, and anything else outside the alphabet is an error.
package enum Base64 {
    package static func decode(_ text: String) -> [UInt8]? {
        // Unicode has further line breaks, which XML cannot hold, or base64 does not know.
        Data(base64Encoded: Data(text.utf8.filter { $0 != 0x0A && $0 != 0x0D })).map(Array.init)
    }
}
