/// `<loader>` and `<nvram>`: UEFI firmware and its variables.
package struct FirmwareLoader: Sendable, Equatable {
    /// Empty where libvirt chooses the file.
    package var path: String
    package var secure: Bool
    package var readonly: Bool?
    /// `pflash` or `rom`.
    package var type: String?
    /// `yes` for firmware that keeps no variables.
    package var stateless: Bool?
    /// `nvram/@template`: what new variables are made of.
    package var variablesTemplate: String?
    package var variables: String?

    package init(
        path: String, secure: Bool, variablesTemplate: String? = nil, variables: String? = nil,
        readonly: Bool? = true, type: String? = "pflash", stateless: Bool? = nil
    ) {
        self.path = path
        self.secure = secure
        self.readonly = readonly
        self.type = type
        self.stateless = stateless
        self.variablesTemplate = variablesTemplate
        self.variables = variables
    }
}

extension XMLVisitor {
    /// `<loader>` and `<nvram>`, which stand beside each other in `<os>`.
    mutating func firmware(_ loader: inout FirmwareLoader?) {
        if Self.isReading {
            guard has("loader") || has("nvram") else {
                loader = nil
                return
            }
            var read = FirmwareLoader(path: "", secure: false, readonly: nil, type: nil)
            visit(&read)
            loader = read
        } else if var written = loader {
            visit(&written)
        }
    }

    private mutating func visit(_ loader: inout FirmwareLoader) {
        group("loader") { element in
            element.attribute("readonly", yesNo: &loader.readonly)
            element.secure(&loader)
            element.attribute("type", &loader.type)
            element.attribute("stateless", yesNo: &loader.stateless)
            element.text(&loader.path)
        }
        group("nvram") { element in
            element.attribute("template", &loader.variablesTemplate)
            element.text(&loader.variables)
        }
    }

    /// `no` is written for a firmware file alone; what else a document says for no, or cannot be read, stays as it is.
    private mutating func secure(_ loader: inout FirmwareLoader) {
        guard isReading else {
            let isUnsaid = !loader.secure && (loader.path.isEmpty || peek("secure") != nil)
            if !isUnsaid { attribute("secure", yesNo: &loader.secure) }
            return
        }
        if peek("secure") == "no", peekText().isEmpty { return }
        var secure: Bool?
        attribute("secure", yesNo: &secure)
        loader.secure = secure ?? false
    }
}
