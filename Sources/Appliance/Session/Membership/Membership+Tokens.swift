package import Access
package import RemoteControl
package import Wire

/// What people have shown to come in.
extension Membership {
    /// The tokens by which people are here; nobody's where the room asks for none.
    ///
    /// Those who wait included.
    package var tokens: [ParticipantID: JoinToken] {
        waiting.everybody.reduce(into: members.compactMapValues(\.grant.token)) { $0[$1.id] = $1.grant.token }
    }

    /// What the person showed whose page had this secret; `nil` for anybody's else, and where the room asks for nothing.
    package func token(ofResume resume: String, now: Instant) -> JoinToken? {
        // All are compared, so that the time tells nothing of whose secret it is.
        var found = former.token(ofResume: resume, now: now) ?? waiting.token(ofResume: resume)
        for member in members.values where member.resumeToken.matches(resume) { found = member.grant.token }
        return found
    }
}
