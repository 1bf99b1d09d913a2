package import Access

/// Whether somebody may join, and as what.
package enum Admission: Hashable, Sendable {
    case admitted(Role, Rights)
    case refused(Refusal)
    /// Somebody in the room has to let them in first, unless somebody has in this session.
    case waiting(Role, Rights)
}

/// What somebody was admitted with.
package struct Grant: Hashable, Sendable {
    package var role: Role
    package var rights: Rights
    /// What they showed; `nil` where the room asks for nothing.
    package var token: JoinToken?

    package init(role: Role, rights: Rights, token: JoinToken? = nil) {
        self.role = role
        self.rights = rights
        self.token = token
    }
}

/// Who asks to be let in.
package struct Applicant: Sendable {
    package var name: DisplayName
    package var share: NetworkShare?
    /// What they show, which has been checked (``JoinDoor``); `nil` where the room asks for nothing.
    package var token: JoinToken?
    /// For somebody who comes back, by another page or the same one: what they were admitted with.
    package var before: Grant?

    package init(name: DisplayName, share: NetworkShare?, token: JoinToken? = nil, before: Grant? = nil) {
        self.name = name
        self.share = share
        self.token = token
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

    /// The same, with a waiting room for people of these roles.
    package func waiting(for roles: Set<Role>) -> AdmissionPolicy {
        AdmissionPolicy { [decide] applicant in
            let admission = decide(applicant)
            guard case .admitted(let role, let rights) = admission, roles.contains(role) else {
                return admission
            }
            return .waiting(role, rights)
        }
    }

    /// Everybody may do everything.
    package static let everybody = AdmissionPolicy { _ in .admitted(.clinician, .all) }

    /// Whoever has a token that was checked (``JoinDoor``) may do what it says.
    ///
    /// Who comes back by the same token may do what they could, whatever was changed while they were in the room.
    package static func tokens(_ table: RightsTable) -> AdmissionPolicy {
        AdmissionPolicy { applicant in
            guard let token = applicant.token else { return .refused(Refusal(.tokenMissing)) }
            // One that is for the API alone.
            guard let role = token.role else {
                return .refused(Refusal(.tokenBadClaim, ["claim": .text("role")]))
            }
            if let before = applicant.before, before.token == token {
                return .admitted(before.role, before.rights)
            }
            return .admitted(role, table.rights(of: token))
        }
    }
}
