// A command: the words in skill.toml are its arguments, what it prints is the result.
fn main() {
    let name = std::env::args().nth(1).expect("usage: NAME");
    println!("Hello, {name}!");
}
