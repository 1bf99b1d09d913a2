internal import Access
internal import Audit
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

extension RoomAPI {
    /// Does what was asked for by somebody who may.
    func perform(_ operation: APIOperation, _ request: APIRequest) async throws(APIProblem) -> Response {
        let people = APIPeople(session: session)
        switch operation {
        case .admit(let id): try await people.admit(id)
        case .describe, .readEvents: break
        case .endSession: await session.end()
        case .listPeople: return Self.response(.ok, await people.list())
        case .listSettings: return Self.response(.ok, settings.object)
        case .listTokens: return listTokens()
        case .mint: return try await mint(request)
        case .mute(let id): try await people.mute(id)
        case .readAudit: return try readAudit(request)
        case .readStatistics: return Self.response(.ok, await statistics.report())
        case .remove(let id): try await people.remove(id, reason: request.query["reason"] ?? "")
        case .withdraw(let id): try await withdraw(.id(Self.identifier(id)))
        case .withdrawSubject(let subject): try await withdraw(.subject(Self.identifier(subject)))
        }
        return Self.response(.noContent)
    }

    // MARK: Tokens

    private func mint(_ request: APIRequest) async throws(APIProblem) -> Response {
        let object = try request.object(NewToken.members)
        guard !isOpen else { throw APIProblem(.conflict, "The room is open: it asks for no tokens.") }
        guard let signer else {
            throw APIProblem(.conflict, "The room has only public keys, with which nothing can be signed.")
        }
        let token = try NewToken(object, to: room, now: Self.now).token
        let text: String
        do throws(UnusableKey) {
            text = try token.signed(with: signer)
        } catch {
            throw APIProblem(.badRequest, "This token cannot be made: \(error).")
        }
        guard let id = token.id, minted.withLock({ $0.add(token, now: Self.now) }) else {
            throw APIProblem(.conflict, "No more tokens can be made before some of them expire.")
        }
        await session.audit.append(
            .tokenMinted(id: id, subject: token.subject, role: token.role, expires: token.expires, by: .api)
        )
        let members = Self.members(of: token)
        return Self.response(
            .created,
            JSONObject(members + [("token", .string(text)), ("link", .string("\(address)#token=\(text)"))])
        )
    }

    private func listTokens() -> Response {
        let tokens = minted.withLock { $0.valid(at: Self.now) }
        return Self.response(
            .ok,
            JSONObject(["tokens": .array(tokens.map { .object(JSONObject(Self.members(of: $0))) })])
        )
    }

    private func withdraw(_ withdrawal: WithdrawnTokens.Withdrawal) async throws(APIProblem) {
        guard !isOpen else { throw APIProblem(.conflict, "The room is open: it asks for no tokens.") }
        do throws(WithdrawnTokens.Full) {
            try await session.withdraw(withdrawal, by: .api)
        } catch {
            throw APIProblem(.conflict, error.description)
        }
        minted.withLock { $0.remove(withdrawal) }
    }

    private static func members(of token: JoinToken) -> [(name: String, value: JSONValue?)] {
        [
            ("id", token.id.map { .string($0.text) }), ("subject", .string(token.subject.text)),
            ("role", token.role.map { .string($0.rawValue) }), ("name", token.name.map { .string($0) }),
            ("give", .array(token.given.names.map { .string($0) })),
            ("take", .array(token.taken.names.map { .string($0) })),
            ("expires", .integer(token.expires)), ("notBefore", token.notBefore.map { .integer($0) }),
            ("once", .bool(token.isOneUse)), ("admin", .bool(token.isAdmin)),
        ]
    }

    // MARK: The audit

    /// Whole lines, as they are in the file, from a byte on.
    private func readAudit(_ request: APIRequest) throws(APIProblem) -> Response {
        let from = request.query["from"] ?? "0"
        guard from.utf8.allSatisfy(\.isDigit), let start = UInt64(from), start <= 1 << 53 else {
            throw APIProblem(.badRequest, "“from” is a number of bytes.")
        }
        guard let auditFile else { throw APIProblem(.notFound, "The room keeps no audit.") }
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: auditFile))
            defer { try? file.close() }
            let end = try file.seekToEnd()
            guard start <= end else { throw APIProblem(.notFound, "The audit has only \(end) bytes.") }
            try file.seek(toOffset: start)
            let piece = [UInt8](try file.read(upToCount: Self.auditPiece) ?? Data())
            let whole = piece.lastIndex(of: UInt8(ascii: "\n")).map { Array(piece[...$0]) } ?? []
            var response = Self.response(.ok, whole, type: "application/jsonl")
            if let name = HTTPField.Name("Deskroom-Next") {
                response.headers[name] = String(start + UInt64(whole.count))
            }
            return response
        } catch let problem as APIProblem {
            throw problem
        } catch {
            throw APIProblem(.internalServerError, "The audit cannot be read.")
        }
    }

    // MARK: What addresses say

    private static func identifier(_ text: String) throws(APIProblem) -> Identifier {
        guard let identifier = Identifier(text) else {
            throw APIProblem(.badRequest, "An identifier is 1 to 128 visible characters of ASCII.")
        }
        return identifier
    }

    private static var now: Int64 { RoomClock.milliseconds / 1_000 }
    /// Bytes.
    private static let auditPiece = 1 << 18
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
