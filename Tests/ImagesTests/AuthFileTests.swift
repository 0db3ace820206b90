import Testing

@testable import Images

@Suite struct AuthFileTests {
    private func text(_ credentials: RegistryCredentials, _ name: String = "quay.io/a/b") throws -> String {
        String(decoding: try AuthFile.contents(credentials, for: ImageReference(name)), as: UTF8.self)
    }

    @Test("a user and a password become docker's form, under the registry's name")
    func user() throws {
        #expect(try text(.user(name: "me", password: "a:b")) == #"{"auths":{"quay.io":{"auth":"bWU6YTpi"}}}"#)
        #expect(try text(.user(name: "me", password: "x"), "debian").contains(#""docker.io""#))
    }

    @Test(
        "both of docker's forms are taken",
        arguments: [
            #"{"auths":{"quay.io":{"auth":"bWU6YTpi"}}}"#, #"{"quay.io":{"auth":"bWU6YTpi","email":"x"}}"#,
            #"{"auths":{"quay.io":{"username":"me","password":"a:b"}}}"#,
        ])
    func docker(config: String) throws {
        #expect(try text(.dockerConfig(Array(config.utf8))) == #"{"auths":{"quay.io":{"auth":"bWU6YTpi"}}}"#)
    }

    @Test("a configuration cannot make skopeo run a program of the node")
    func helpers() throws {
        let config = #"{"auths":{},"credHelpers":{"quay.io":"evil"},"credsStore":"evil"}"#
        #expect(try text(.dockerConfig(Array(config.utf8))) == #"{"auths":{}}"#)
    }

    @Test("what is no docker configuration is refused", arguments: ["", "[]", "user:password", #"{"auths":[]}"#])
    func refused(config: String) {
        #expect(throws: ImageError.credentialsUnreadable(image: "quay.io/a/b")) {
            try text(.dockerConfig(Array(config.utf8)))
        }
    }
}
