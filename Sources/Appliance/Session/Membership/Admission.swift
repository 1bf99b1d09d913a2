package import Access

/// Whether somebody may join, and as what.
package enum Admission: Hashable, Sendable {
    case admitted(Role, Rights)
    /// In words for the person.
    case refused(String)
    /// Somebody in the room has to let them in first.
    case waiting
}

/// What somebody was admitted with.
package struct Grant: Hashable, Sendable {
    package var role: Role
    package var rights: Rights

    package init(role: Role, rights: Rights) {
        self.role = role
        self.rights = rights
    }
}

/// Who asks to be let in.
package struct Applicant: Sendable {
    package var name: DisplayName
    package var share: NetworkShare?
    /// For somebody who comes back, by another page or the same one: what they were admitted with.
    package var before: Grant?

    package init(name: DisplayName, share: NetworkShare?, before: Grant? = nil) {
        self.name = name
        self.share = share
        self.before = before
    }
}

/// Decides who may join, with which role and rights.
///
/// Asked at each join, a return included: what it says then is what holds. Whether there is a place left is not its
/// business (``Places``).
package struct AdmissionPolicy: Sendable {
    package let decide: @Sendable (Applicant) -> Admission

    package init(_ decide: @escaping @Sendable (Applicant) -> Admission) {
        self.decide = decide
    }

    /// Everybody may do everything.
    package static let everybody = AdmissionPolicy { _ in .admitted(.clinician, .all) }
}
