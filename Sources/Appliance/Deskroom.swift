@main
struct Deskroom {
    static func main() {}
}
