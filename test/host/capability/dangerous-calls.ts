// cspell:disable
/** Calls by which a granted program would become another, or reach elsewhere. One a line, words separated by spaces. */
export const DANGEROUS = `
git -c core.sshCommand=x fetch
git -ccore.pager=x log
git -C /x -c alias.a=!x a
git --config-env=core.sshCommand=X fetch
git --config-env core.sshCommand=X fetch
git --exec-path=/x log
git --exec-path /x log
git --git-dir x -c a=b log
git --no-pager -c a=b log
git -p -c a=b log
git fetch --upload-pack=x
git fetch --upload-pack x
git fetch --upload-p=x
git clone -u x y
git clone -ux y
git clone -qu x y
git clone -c core.fsmonitor=x y
git clone --config core.fsmonitor=x y
git clone --conf=core.fsmonitor=x y
git clone --template=x y
git clone ext::sh y
git clone fd::17 y
git clone x -- ext::sh
git clone foo::bar
git fetch ssh://-oProxyCommand=x/y
git remote add x ext::sh
git push --receive-pack=x
git push --exec=x
git push --receive x
git ls-remote --upload-pack=x .
git archive --exec=x --remote=y
git archive -o /x HEAD
git archive --output=/x HEAD
git diff --output=/x
git diff --ext-diff
git log --textconv
git log --output /x
git grep -O x
git grep -Ovi x
git grep --open-files-in-pager=x y
git rebase -x x
git rebase --exec x
git rebase -ix x
git rebase --exe=x
git merge -s x y
git format-patch -o /x
git init --template=/x
git config core.sshCommand x
git config --global alias.a !x
git bisect run x
git submodule foreach x
git filter-branch --tree-filter x
git send-email --to-cmd=x
git difftool -x x
git mergetool
git daemon
git upload-pack x
git help log
git instaweb
git credential fill
git credential-store --file=/x store
git credential-cache --socket=/x store
git merge-index x -a
git for-each-repo x
git hook run x
git --literal-pathspecs config a b
git -C x config a b
tar -cf a --checkpoint-action=exec=x b
tar --checkpoint=1 --checkpoint-action exec=x
tar --checkpoint-a=exec=x
tar --to-command=x -xf a
tar --to-c x -xf a
tar -I x -xf a
tar -Ix -xf a
tar -xIx -f a
tar --use-compress-program=x
tar --use=x
tar -F x
tar --info-script=x
tar --set-mtime-command=x -cf a b
tar --set-m x -cf a b
tar --new-volume-script=x
tar --rsh-command=x
tar --rmt-command=x
tar -T list -cf a
tar --files-from=list
tar xIf x a
tar cFf x a
tar -xf host:a
tar --file=host:a -x
tar host:a
tar -P -xf a
tar --absolute-names -xf a
find . -exec x {} ;
find . -execdir x {} +
find . -ok x ;
find . -okdir x ;
find . -delete
find . -fprint /x
find . -fprint0 /x
find . -fprintf /x %p
find . -fls /x
find -files0-from x
find . -name a -o -exec x ;
fd -x x
fd --exec x
rg --pre x y
ssh -o ProxyCommand=x h
ssh -oProxyCommand=x h
ssh -oLocalCommand=x h
ssh -F x h
ssh -vF x h
ssh -I x h
ssh -E x h
ssh -J x h
ssh h -oProxyCommand=x
scp -S x a b
scp -o ProxyCommand=x a b
scp -rS x a b
sftp -S x h
sftp -b x h
sftp -D x
rsync -e x a b
rsync -ex a b
rsync -ave x a b
rsync --rsh=x a b
rsync --rsh x a b
rsync --rsync-path=x a b
rsync --rs x
rsync -M --x a b
rsync --log-file=/x a b
rsync --daemon --config=x
rsync --files-from=/x a b
rsync --write-batch=x a b
curl -o x u
curl -ox u
curl -sSo x u
curl -O u
curl -sO u
curl -K x
curl --config x
curl --conf=x
curl --output x u
curl --outp x u
curl -D x u
curl -c x u
curl -T x u
curl --upload-file x u
curl --trace x u
curl --dump-header x u
curl --unix-socket x u
curl -d @x u
curl -d@x u
curl --data=@x u
curl -F a=@x u
curl -F a=<x u
curl -Fa=@x u
curl -H @x u
curl file:///x
curl FILE:///x
curl -b x u
wget -O x u
wget -O- u
wget -qO x u
wget -o x u
wget -i x
wget -e x u
wget --execute=x u
wget --use-askpass=x u
wget --post-file=x u
wget --post-f=x u
wget -P /x u
wget --config=x u
zip -T a b
zip -TT x a b
zip -rT a b
zip a b -T
zip --unzip-command=x a
zip --unzip x a
zip -O /x a
zip -b /x a
unzip -: a
man -P x y
man -Px y
man --pager=x y
man -H x
man --html=x y
man -C x y
man -l x
less +!x a
less ++!x a
less -k x
less -o x a
less --lesskey-src=x a
vim -c !x a
vim +!x a
vim --cmd x
vi -S x
ed -s a
ed !x
nano -s x
make -f x
make --eval=x
make --makefile x
make SHELL=x
make SHELL:=x a
make MAKE=x a
sort --compress-program=x a
sort --comp x a
sort -o x a
sort -ro x a
sort -T /x a
split --filter=x a
install --strip-program=x a b
patch -e a
patch -o x a
tcpdump -z x -w y
openssl enc -engine x
openssl version -provider-path x
nmap --script=x h
ip netns exec a b
pdflatex -shell-escape a
cpio -o -F h:x
cpio --rsh-command=x
dpkg --pre-invoke=x
apt-get -o x y
file -C -m x
awk BEGIN{system("x")}
awk {print|"x"}
awk {"x"|getline}
awk {print>"x"}
awk {getline<"x"}
awk {printf("%s",$1)>>"x"}
awk BEGIN{f="sys""tem";@f("x")}
awk @load"filefuncs"
awk -f x
awk -fx
awk --file=x
awk -v a=1 -f x
gawk -i inplace x
gawk -l filefuncs x
gawk -o/x y
gawk --pretty-print=/x y
gawk -E x
mawk -W exec x
sed e
sed 1e
sed 1ewhoami
sed s/a/b/e
sed s/a/x/ge
sed s/a/b/w/x
sed w/x
sed r/etc/passwd
sed R/x
sed W/x
sed -n 1p;w/x
sed -e p -e w/x
sed -e p;e
sed -nee
sed --expression=e
sed --exp e
sed -f x
sed --file=x
sed -ni e
sed -nl p 1ewhoami
sed -l p 1ewhoami
sed -l -ep 1ewhoami
sed -lep 1ewhoami
sed --line-length p 1ewhoami
sed --line-l=5 1ewhoami
sed -l 1ewhoami
sed -ien 1ewhoami
sed s,a,b,e
sed s/a\\/b/c/w/x
sed /a/e
sed /a/,/b/w/x
sed y/a/b/;e
sed -l 5 e
sed e --sandbox
env git
env -i sh
env A=b sh
env -S x
env --split-string=x
nice sh
nice -n 5 sh
nohup sh
timeout 5 sh
stdbuf -o0 sh
setsid sh
sudo sh
sudo -u x y
doas sh
busybox sh
xargs sh
xargs -I{} sh
xargs rm
parallel sh
chroot / sh
time x
watch x
strace x
flock a b
script -c x
unshare x
nsenter x
systemd-run x
ld.so x
`;

/** Calls that do nothing of the kind. */
export const HARMLESS = `
git
git status
git log --oneline
git log -p --stat -n 5
git log -c
git log --cc --author=a --format=%H
git diff --exit-code HEAD -- a/b
git diff --cached --text
git show HEAD:a/b
git -C a status
git --no-pager log
git --git-dir a --work-tree b status
git add -u
git add -A .
git clean -x -f
git commit -m -c
git commit -c HEAD
git commit -C HEAD
git commit -am x
git checkout -b a
git switch -c a
git push -u origin main
git push origin a:b
git push origin HEAD:refs/heads/a
git pull --rebase
git fetch origin
git fetch --all --tags --prune
git clone https://example.org/a.git b
git clone git@example.org:a/b.git
git clone -b main --depth 1 https://example.org/a
git clone ssh://git@example.org/a
git ls-files --exclude=a
git ls-files -c -o
git grep -n a
git rebase -i main
git rebase --continue
git stash -u
git branch -c a b
git tag -s a
git merge --no-ff a
git archive --format=tar HEAD
tar -xf a.tar
tar xf a.tar
tar xzf a.tar.gz
tar -xzf a.tar.gz -C out
tar -tvf a.tar
tar -cf IF.tar a
tar cfz FI.tar a
tar -cfI.tar a
tar --extract --file a.tar
tar --exclude=a -cf b .
tar --checkpoint=10 -cf a b
tar --totals -cf a b
find . -name *.ts -type f
find . -newer a -print0
find . -maxdepth 2 -printf %p
find executable -name exec
fd -e ts
rg -n a
rg --pretty a
ssh host uptime
ssh -p 22 -l user host ls
ssh -i key host
ssh -pF host
scp -r a host:b
scp -P 22 a host:b
rsync -av a b
rsync --delete --partial a b
rsync -avz --exclude=a b host:c
curl https://example.org
curl -sSL https://example.org
curl -X POST -d a=b https://example.org
curl -H Accept:text/plain https://example.org
curl -HO https://example.org
curl --data a=b https://example.org
curl --compressed --fail https://example.org
curl -u a:b https://example.org
wget https://example.org/a
wget -q https://example.org/a
wget --spider https://example.org
wget -T5 https://example.org
zip -r a.zip b
zip -9 a.zip b
unzip a.zip
unzip -l a.zip
unzip -o a.zip -d out
man ls
man 5 passwd
less a
less -R a
vim a
make
make -j4 all
make CC=gcc all
sort -k2 -n a
sort -ru a
sort -tT a
split -l 10 a
install -m 644 a b
patch -p1 -i a
openssl version
openssl dgst -sha256 a
ip addr
nmap -p 80 h
file a
file --mime a
awk {print$1} a
awk $1=="a" a
awk a||b x
awk -F: {print$1} a
awk -F, -v a=b {print$2} a
awk -vf=1 {print} a
awk $3>5 a
awk BEGIN{x=1} a
sed s/a/b/ x
sed s/a/b/g x
sed -n 1,5p x
sed -n $p x
sed s,a/b,c, x
sed s/a\\/b/c/gi x
sed -e s/a/b/ -e s/c/d/ e w
sed 1d;$d x
sed /a/d x
sed /a/,/b/p x
sed -ne p x
sed -nl 5 p x
sed -n -l 5 p x
sed -nl5 p x
sed --expression=p x
sed -E s/(a)/\\1/ x
sed -i s/a/b/ x
sed --sandbox e x
sed p e
env
nice
time
xargs
sh -c id
bash -c id
python3 -c x
node -e x
perl -e x
ruby -e x
php -r x
tee a
cat -e --exec a
echo --upload-pack -o -exec
grep -e -exec a
kubectl get pods -o yaml
`;
// cspell:enable

export interface Call {
  readonly name: string;
  readonly args: readonly string[];
}

export function callsOf(text: string): Call[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [name = '', ...args] = line.split(' ');
    return { name, args };
  });
}
