import Access
import Appliance
import RemoteControl
import Testing
import Wire

@Suite struct FormerPeopleTests {
    private let token = Secret("0123456789abcdef0123456789abcdef")
    private let browser = Secret("browser-0123456789")

    @Test func whoComesBackWithinAMinuteIsTheSamePerson() throws {
        for join in try [
            ClientMessage.Join(name: name("Ada"), resume: token.text),
            // By a new tab of the same browser.
            ClientMessage.Join(name: name("Ada"), resume: nil, browser: browser.text),
            ClientMessage.Join(name: name("Ada"), resume: "not the token", browser: browser.text),
        ] {
            var former = try gone()
            let person = former.person(knownBy: join, now: at(54))
            if let person { former.remove(person.id) }
            #expect(person?.id == ParticipantID(7))
            #expect(person?.chatStart == 3)
            #expect(person?.grant.role == .client)
            // Once.
            #expect(former.count == 0)
            #expect(former.person(knownBy: join, now: at(54)) == nil)
        }
    }

    @Test func nobodyElseIs() throws {
        for join in try [
            ClientMessage.Join(name: name("Ada"), resume: nil),
            ClientMessage.Join(name: name("Ada"), resume: "", browser: "browser-0123456780"),
            // Somebody else at the same computer.
            ClientMessage.Join(name: name("Ben"), resume: nil, browser: browser.text),
        ] {
            let former = try gone()
            #expect(former.person(knownBy: join, now: at(1)) == nil)
            #expect(former.count == 1)
        }
    }

    /// Two tabs by one name, as after the room has crashed.
    @Test func ofTwoPeopleInOneBrowserEachPageIsItsOwn() throws {
        var former = FormerPeople()
        var ids: [String: ParticipantID] = [:]
        for id in 1...3 as ClosedRange<UInt64> {
            var one = try person(id)
            one.resumeToken = Secret("token-\(id)")
            former.add(one, now: at(0))
            ids[one.resumeToken.text] = one.id
        }
        for (resume, id) in ids {
            let join = ClientMessage.Join(name: try name("Ada"), resume: resume, browser: browser.text)
            #expect(former.person(knownBy: join, now: at(1))?.id == id)
        }
    }

    @Test func afterAMinuteTheyAreForgottenWithTheirChat() throws {
        var former = try gone()
        #expect(former.pollTimeout() == at(55))
        #expect(former.chatStart == 3)
        former.handleTimeout(now: at(55))
        #expect(former.count == 0)
        #expect(former.chatStart == nil)
        #expect(former.pollTimeout() == nil)
    }

    @Test func theyAreBounded() throws {
        var former = FormerPeople()
        for number in 0..<1_000 { former.add(try person(UInt64(number)), now: at(0)) }
        #expect(former.count == 64)
    }

    @Test func aSecretMatchesItselfOnly() {
        #expect(token.matches(token.text))
        for (index, character) in token.text.enumerated() {
            var other = Array(token.text)
            other[index] = character == "0" ? "1" : "0"
            #expect(!token.matches(String(other)))
        }
        #expect(!token.matches(""))
        #expect(!token.matches(token.text + "0"))
        #expect(!token.matches(String(token.text.dropLast())))
        #expect(Secret.random().text.count == 32)
        #expect(Secret.random().text != Secret.random().text)
    }

    private func gone() throws -> FormerPeople {
        var former = FormerPeople()
        former.add(try person(7), now: at(0))
        return former
    }

    private func person(_ id: UInt64) throws -> FormerPeople.Person {
        FormerPeople.Person(
            id: ParticipantID(id),
            name: try name("Ada"),
            grant: Grant(role: .client, rights: .see),
            resumeToken: token,
            browser: browser,
            chatStart: 3
        )
    }

    private func name(_ text: String) throws -> DisplayName { try DisplayName(parsing: text) }
    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }
}
