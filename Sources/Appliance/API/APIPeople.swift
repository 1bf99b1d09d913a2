internal import Access
internal import Hummingbird
internal import RemoteControl

/// What the clinic's back end sees of people, and does to them.
struct APIPeople: Sendable {
    let session: Session

    /// Who is in the room, then who waits.
    func list() async -> JSONObject {
        let here = await session.people.map { member in
            JSONValue.object(
                JSONObject([
                    "id": .integer(Int64(clamping: member.id.rawValue)), "name": .string(member.name.text),
                    "subject": member.grant.token.map { .string($0.subject.text) },
                    "token": member.grant.token?.id.map { .string($0.text) },
                    "role": .string(member.grant.role.rawValue),
                    "rights": .array(member.grant.rights.names.map { .string($0) }),
                    "state": .string(member.page == nil ? "away" : "here"),
                ])
            )
        }
        let waiting = await session.waitingPeople().people.map { person in
            JSONValue.object(
                JSONObject([
                    "id": .integer(Int64(clamping: person.id)), "name": .string(person.name),
                    "role": .string(person.role), "rights": .array([]), "state": .string("waiting"),
                ])
            )
        }
        return JSONObject(["people": .array(here + waiting)])
    }

    func admit(_ text: String) async throws(APIProblem) {
        let id = try Self.person(text)
        try await moderate { () throws(ModerationRefusal) in try await session.admit(id) }
    }

    func mute(_ text: String) async throws(APIProblem) {
        let id = try Self.person(text)
        try await moderate { () throws(ModerationRefusal) in try await session.mute(id) }
    }

    /// - Parameter reason: What they are told, in words; may be empty.
    func remove(_ text: String, reason: String) async throws(APIProblem) {
        let id = try Self.person(text)
        let line: PersonalLine
        do throws(Refusal) {
            line = try PersonalLine(parsing: reason)
        } catch {
            throw APIProblem(.badRequest, error.message)
        }
        try await moderate { () throws(ModerationRefusal) in try await session.remove(id, reason: line) }
    }

    private func moderate(_ deed: () async throws(ModerationRefusal) -> Void) async throws(APIProblem) {
        do throws(ModerationRefusal) {
            try await deed()
        } catch {
            throw APIProblem(error == .notThere ? .notFound : .conflict, Refusal(error).message)
        }
    }

    private static func person(_ text: String) throws(APIProblem) -> ParticipantID {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = UInt64(text), number <= 1 << 53
        else { throw APIProblem(.badRequest, "A person is known by a number.") }
        return ParticipantID(number)
    }
}
