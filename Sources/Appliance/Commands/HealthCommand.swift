internal import ArgumentParser
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import TLS

/// `deskroom health`: what a container's health check asks.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Says whether the room of these settings is ready.",
        discussion: """
            It runs beside the room, with its settings. The exit status is 0 if the room is ready, 1 if not.
            """
    )

    @OptionGroup var options: SettingOptions

    func run() async throws {
        let read = options.read(ProcessInfo.processInfo.environment)
        guard read.mistakes.isEmpty else { throw FailedStart(read.mistakes) }
        let configuration = read.configuration
        guard configuration.port != 0 else {
            throw ValidationError("http.port is 0: the system has chosen a port, which only the room knows")
        }
        let question = HealthQuestion(configuration)
        var answer = try await question.ask("/health/ready")
        // A room that does not tell being alive from being ready.
        if answer.status == 404 { answer = try await question.ask("/healthz") }
        print(answer.body)
        guard answer.status == 200 else { throw ExitCode.failure }
    }
}

/// A request to a room on this machine, of which nothing but the address is known.
struct HealthQuestion: Sendable {
    struct Answer: Hashable, Sendable {
        /// HTTP's status; 0 if what came is no answer.
        var status = 0
        var body = ""

        /// - Parameter text: An HTTP/1.1 response, whole.
        init(reading text: String) {
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            let words = parts[0].prefix { $0 != "\r\n" }.split(separator: " ")
            guard words.count > 1, words[0].hasPrefix("HTTP/1.") else { return }
            status = Int(words[1]) ?? 0
            body = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespacesAndNewlines) : ""
        }
    }

    let host: String
    let port: Int
    let usesTLS: Bool

    init(_ configuration: Configuration) {
        host =
            switch configuration.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: configuration.host
            }
        port = configuration.port
        usesTLS = configuration.usesTLS
    }

    func ask(_ path: String) async throws -> Answer {
        // It does not leave this machine, and the certificate may be for any name.
        let tls = usesTLS ? try TLSContext(clientOffering: "HIGH", newest: true) : nil
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(5))
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(TLSHandler(tls)) }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let deadline = channel.channel.eventLoop.scheduleTask(in: .seconds(5)) {
            channel.channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        return try await channel.executeThenClose { incoming, outgoing in
            let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            try await outgoing.write(ByteBuffer(string: request))
            var text = ByteBuffer()
            for try await var bytes in incoming where text.readableBytes < Self.longest {
                text.writeBuffer(&bytes)
            }
            return Answer(reading: String(buffer: text))
        }
    }

    /// Bytes of an answer.
    private static let longest = 65_536
}
