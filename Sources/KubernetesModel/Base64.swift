internal import FoundationEssentials

/// Base64 as Kubernetes takes it: line breaks count for nothing, and anything else outside the alphabet is an error.
package enum Base64 {
    package static func decode(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text.filter { !$0.isNewline }).map(Array.init)
    }
}
