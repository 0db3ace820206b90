import Foundation
import SystemPackage

extension FilePath {
    func createFolder() throws {
        try FileManager.default.createDirectory(atPath: string, withIntermediateDirectories: true)
    }

    func removeAll() { try? FileManager.default.removeItem(atPath: string) }
}
