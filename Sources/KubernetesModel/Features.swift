// A feature whose name is misspelt in Package.swift is ignored in silence; these lines end the build instead.
#if !hasFeature(ExistentialAny)
    #error("Package.swift: the upcoming feature ExistentialAny is not on")
#endif
#if !hasFeature(MemberImportVisibility)
    #error("Package.swift: the upcoming feature MemberImportVisibility is not on")
#endif
#if !hasFeature(InternalImportsByDefault)
    #error("Package.swift: the upcoming feature InternalImportsByDefault is not on")
#endif
#if !hasFeature(NonisolatedNonsendingByDefault)
    #error("Package.swift: the upcoming feature NonisolatedNonsendingByDefault is not on")
#endif
